-- Sign-in names are one by their fold (kernel::text::fold): Zhang, zhang and ｚｈａｎｇ are the same name. Filled by a command
-- when the city is opened, not by SQL that repeats the rule. Of names that stood beside each other before, only the oldest
-- has its fold: the others stay without, and are found as they are written.
ALTER TABLE platform_user ADD COLUMN login_fold TEXT;

-- A name however it is typed; and nobody gets a name that reads like another's.
CREATE UNIQUE INDEX platform_user_login_fold ON platform_user (city_id, login_fold);
