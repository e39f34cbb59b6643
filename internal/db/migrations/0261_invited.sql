-- Courses and learning paths that whoever accepts an invitation is enrolled in (LM-1). They take the place of invitations.course_id.
CREATE TABLE invitation_places (
	invitation_id BIGINT NOT NULL REFERENCES invitations (id),
	place_kind TEXT NOT NULL,
	place_id BIGINT NOT NULL,
	PRIMARY KEY (invitation_id, place_kind, place_id)
);
