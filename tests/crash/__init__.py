"""The storm: every process is killed with -9, again and again, under load; nothing may be lost or done twice."""
