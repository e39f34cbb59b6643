-- What dashboards and reports need besides the records themselves.

-- Learners who need attention: those who have not been active for long, and those who fail.
CREATE INDEX enrolments_idle ON enrolments (portal_id, last_active_at) WHERE is_open AND status IN ('enrolled', 'active');
CREATE INDEX enrolments_failing ON enrolments (portal_id, score) WHERE is_open AND status IN ('enrolled', 'active');
