-- Up to which version of the working calendar the deadlines of a city were counted. A bookmark, not a record: without its
-- row every deadline is held against the calendar once more, and those that are right stay.
CREATE TABLE cases_recounted (
    city_id BIGINT NOT NULL,
    calendar BIGINT NOT NULL,
    PRIMARY KEY (city_id)
);
