-- A known text sealed with the key of each city, so that a wrong key file is told at the start and not by every
-- personal row looking changed.

CREATE TABLE platform_key_proof (
    city_id BIGINT NOT NULL PRIMARY KEY,
    sealed {bytes} NOT NULL
);
