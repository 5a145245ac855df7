-- In which case is a file, one of those that show the same picture? Asked for every photo that is offered as proof, and for
-- the hint that a picture looks like another.
CREATE INDEX cases_photo_file ON cases_photo (city_id, file_id, at);
CREATE INDEX cases_erased_photo_file ON cases_erased_photo (city_id, file_id, at);
