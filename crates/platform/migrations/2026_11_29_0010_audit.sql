-- What an auditor reads.

-- Failed sign-ins, counted together for a minute: how often, for which account, from which network. A counter, so that
-- nothing explains it; it is swept after half a year. `account` is a keyed digest of the login: who mistypes may write
-- anything into that field, his password too. `user_id` says whose it is where there is such a login.
CREATE TABLE platform_guess (
    city_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    user_id BIGINT,
    account TEXT NOT NULL,
    network TEXT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (city_id, id)
);

-- The list, newest first, and the sweep.
CREATE INDEX platform_guess_at ON platform_guess (city_id, at, id);

-- Which events an auditor is told: changes of users and their rights, of the city's settings, and every look at a reporter.
-- Written by the lane with the event itself. An index into the journal and no more: what is told is the event, which the
-- chains prove, so that nothing is verified here.
CREATE TABLE platform_told (
    city_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (city_id, seq)
);

-- What happened before this table was there. Reads the journal once: some seconds for a million events.
INSERT INTO platform_told (city_id, seq)
    SELECT city_id, seq FROM platform_journal
    WHERE stream IN ('user', 'org.profile') OR (stream = 'case' AND kind IN ('reporter_shown', 'reporter_erased'));
