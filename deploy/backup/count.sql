-- psql -v at="'2026-11-21 10:30:00+00'" -f count.sql: what a restored database must hold, to be compared with what was
-- counted before (or with the receipts that candidates kept).
SELECT count(*) AS changes, count(DISTINCT attempt_id) AS attempts, max(received_at) AS last_change
  FROM attempt_change WHERE received_at <= :at;
SELECT count(*) AS attempts_whose_last_change_is_missing
  FROM attempt a
 WHERE a.last_seq > 0 AND NOT EXISTS (SELECT FROM attempt_change c WHERE c.attempt_id = a.id AND c.seq = a.last_seq);
SELECT count(*) AS audit_lines, (SELECT count(*) FROM audit_seal) AS chained FROM audit_line;
