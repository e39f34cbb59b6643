module provost

go 1.26
