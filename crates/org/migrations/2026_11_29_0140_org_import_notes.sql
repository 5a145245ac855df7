-- What whoever reads a preview should know although it is no error: JSON like `errors`. Absent in imports of before.
ALTER TABLE org_import ADD COLUMN notes TEXT;
