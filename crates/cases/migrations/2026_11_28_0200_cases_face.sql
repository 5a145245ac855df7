-- A case whose report brought no photo (a call) shows the first one of whoever looked before filing. Rows of before that
-- rule are brought in line with it.
UPDATE cases_case
SET photo_id = (
    SELECT cases_photo.file_id
    FROM cases_photo
    WHERE cases_photo.city_id = cases_case.city_id
        AND cases_photo.case_id = cases_case.id
        AND cases_photo.role = 'pre_verified'
    ORDER BY cases_photo.version, cases_photo.position
    LIMIT 1
)
WHERE photo_id IS NULL;
