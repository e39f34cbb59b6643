-- enrolment.view_own was a part of course.view_own_grades: tokens that were limited to this keep it (LE-2).
UPDATE sessions SET permissions = permissions || ' enrolment.view_own' WHERE ' ' || permissions || ' ' LIKE '% course.view\_own\_grades %' ESCAPE '\';
