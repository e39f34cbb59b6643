-- A course that everybody takes at their own pace: nothing in it is due on a day (CO-1). Any other is led by who teaches it.
ALTER TABLE courses ADD COLUMN self_paced BOOLEAN NOT NULL DEFAULT false;
