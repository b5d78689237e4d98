-- Reports and folds of servers that still run begin with these: they are through, or wait here, before a table of theirs is taken away.
SELECT pg_advisory_xact_lock(rollup_lock_key());--> statement-breakpoint
LOCK TABLE rollup_state IN ACCESS EXCLUSIVE MODE;--> statement-breakpoint
-- What paying users cost is read by range, thousands of rows at a time: from the index alone instead of one row of the table after the other.
ALTER TABLE payer_costs DROP CONSTRAINT payer_costs_level_starts_at_user_id_pk;--> statement-breakpoint
ALTER TABLE payer_costs ADD CONSTRAINT payer_costs_level_starts_at_user_id_pk PRIMARY KEY (level, starts_at, user_id) INCLUDE (cost_usd);--> statement-breakpoint
-- Who was active in an hour is read by the hundred in each overview, and unpacking took nearly half of that: these sets are kept unpacked, four kilobytes each.
ALTER TABLE user_sets DETACH PARTITION user_sets_hours;--> statement-breakpoint
ALTER TABLE user_sets_hours RENAME TO user_sets_hours_before;--> statement-breakpoint
ALTER TABLE user_sets_hours_before RENAME CONSTRAINT user_sets_hours_pkey TO user_sets_hours_before_pkey;--> statement-breakpoint
CREATE TABLE user_sets_hours PARTITION OF user_sets FOR VALUES IN (1) PARTITION BY LIST (kind);--> statement-breakpoint
CREATE TABLE user_sets_hours_active PARTITION OF user_sets_hours FOR VALUES IN ('active') WITH (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);--> statement-breakpoint
CREATE TABLE user_sets_hours_others PARTITION OF user_sets_hours DEFAULT;--> statement-breakpoint
-- By "|" a set is unpacked; copied as it is, it would stay as it was.
INSERT INTO user_sets SELECT level, starts_at, kind, key, chunk, CASE WHEN kind = 'active' THEN users | repeat('0', 32768)::bit(32768) ELSE users END FROM user_sets_hours_before;--> statement-breakpoint
DROP TABLE user_sets_hours_before;
