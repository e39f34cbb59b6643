package store_test

import "provost/internal/fail"

func ignoreConflict(err error) error {
	if fail.Is(err, fail.Conflict) {
		return nil
	}
	return err
}
