-- What remains of a photo that was erased: the hash of its original, so that it is refused as proof again. A hash shows
-- nothing of what is on a photo; whoever has the same file can tell that it was used, and `at` and the case say where.
-- The salt lets verification hold the row against the commitment in the report's event. `at` is the moment of use.
CREATE TABLE cases_erased_photo (
    city_id BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    file_id BIGINT NOT NULL,
    salt {bytes} NOT NULL,
    original_sha256 {bytes} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (city_id, case_id, file_id)
);

-- Was the same original used before, and where?
CREATE INDEX cases_erased_photo_original ON cases_erased_photo (city_id, original_sha256, at);
