CREATE TABLE "acquisition_deltas" (
	"at" timestamp with time zone NOT NULL,
	"weight" smallint DEFAULT 1 NOT NULL,
	"kind" text NOT NULL,
	"user_id" bigint NOT NULL,
	"source" text NOT NULL,
	"plan" text NOT NULL,
	"stars" integer DEFAULT 0 NOT NULL,
	"usd" numeric(20, 12) DEFAULT '0' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "http_deltas" (
	"at" timestamp with time zone NOT NULL,
	"handler" text NOT NULL,
	"method" text NOT NULL,
	"status" text NOT NULL,
	"request_count" integer NOT NULL,
	"bins" smallint[] NOT NULL,
	"counts" bigint[] NOT NULL
);
--> statement-breakpoint
CREATE TABLE "interaction_deltas" (
	"at" timestamp with time zone NOT NULL,
	"user_id" bigint NOT NULL,
	"handler" text NOT NULL,
	"operation" text,
	"outcome" text NOT NULL,
	"error_type" text,
	"reading_source" text,
	"duration_ms" integer NOT NULL,
	"update_age_ms" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_deltas" (
	"at" timestamp with time zone NOT NULL,
	"weight" smallint DEFAULT 1 NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"outcome" text NOT NULL,
	"duration_ms" integer
);
--> statement-breakpoint
CREATE TABLE "ledger_deltas" (
	"at" timestamp with time zone NOT NULL,
	"weight" smallint DEFAULT 1 NOT NULL,
	"user_id" bigint,
	"operation" text NOT NULL,
	"model" text NOT NULL,
	"response_model" text,
	"plan" text NOT NULL,
	"status" text NOT NULL,
	"cost_source" text NOT NULL,
	"disposition" text,
	"error_type" text,
	"cost_usd" numeric(20, 12),
	"prompt_tokens" integer,
	"completion_tokens" integer,
	"cached_prompt_tokens" integer,
	"reasoning_tokens" integer,
	"duration_ms" integer
);
--> statement-breakpoint
CREATE TABLE "acquisition_rollups" (
	"level" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"source" text NOT NULL,
	"plan" text NOT NULL,
	"signup_count" bigint DEFAULT 0 NOT NULL,
	"attempt_count" bigint DEFAULT 0 NOT NULL,
	"cost_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	"payment_count" bigint DEFAULT 0 NOT NULL,
	"payment_stars" bigint DEFAULT 0 NOT NULL,
	"payment_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	"refund_count" bigint DEFAULT 0 NOT NULL,
	"refund_stars" bigint DEFAULT 0 NOT NULL,
	"refund_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	CONSTRAINT "acquisition_rollups_level_starts_at_source_plan_pk" PRIMARY KEY("level","starts_at","source","plan")
);
--> statement-breakpoint
CREATE TABLE "http_rollups" (
	"level" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"handler" text NOT NULL,
	"method" text NOT NULL,
	"status" text NOT NULL,
	"request_count" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "http_rollups_level_starts_at_handler_method_status_pk" PRIMARY KEY("level","starts_at","handler","method","status")
);
--> statement-breakpoint
CREATE TABLE "interaction_rollups" (
	"level" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"handler" text NOT NULL,
	"operation" text NOT NULL,
	"outcome" text NOT NULL,
	"error_type" text NOT NULL,
	"reading_source" text NOT NULL,
	"interaction_count" bigint DEFAULT 0 NOT NULL,
	"duration_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "interaction_rollups_level_starts_at_handler_operation_outcome_error_type_reading_source_pk" PRIMARY KEY("level","starts_at","handler","operation","outcome","error_type","reading_source")
) PARTITION BY LIST ("level");
--> statement-breakpoint
CREATE TABLE "job_rollups" (
	"level" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"outcome" text NOT NULL,
	"run_count" bigint DEFAULT 0 NOT NULL,
	"duration_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "job_rollups_level_starts_at_kind_name_outcome_pk" PRIMARY KEY("level","starts_at","kind","name","outcome")
);
--> statement-breakpoint
CREATE TABLE "latency_rollups" (
	"level" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"family" text NOT NULL,
	"key_a" text NOT NULL,
	"key_b" text NOT NULL,
	"bins" smallint[] NOT NULL,
	"counts" bigint[] NOT NULL,
	CONSTRAINT "latency_rollups_level_family_starts_at_key_a_key_b_pk" PRIMARY KEY("level","family","starts_at","key_a","key_b")
) PARTITION BY LIST ("level");
--> statement-breakpoint
CREATE TABLE "ledger_rollups" (
	"level" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"operation" text NOT NULL,
	"model" text NOT NULL,
	"served_model" text NOT NULL,
	"plan" text NOT NULL,
	"status" text NOT NULL,
	"cost_source" text NOT NULL,
	"disposition" text NOT NULL,
	"error_type" text NOT NULL,
	"is_attributed" smallint NOT NULL,
	"attempt_count" bigint DEFAULT 0 NOT NULL,
	"cost_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	"prompt_tokens" bigint DEFAULT 0 NOT NULL,
	"completion_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_prompt_tokens" bigint DEFAULT 0 NOT NULL,
	"reasoning_tokens" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "ledger_rollups_level_starts_at_operation_model_served_model_plan_status_cost_source_disposition_error_type_is_attributed_pk" PRIMARY KEY("level","starts_at","operation","model","served_model","plan","status","cost_source","disposition","error_type","is_attributed")
) PARTITION BY LIST ("level");
--> statement-breakpoint
CREATE TABLE "ledger_totals" (
	"level" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"operation" text NOT NULL,
	"total_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	"billed_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	"lookup_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	"estimated_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	"attributed_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	"total_count" bigint DEFAULT 0 NOT NULL,
	"settled_count" bigint DEFAULT 0 NOT NULL,
	"void_count" bigint DEFAULT 0 NOT NULL,
	"reserved_count" bigint DEFAULT 0 NOT NULL,
	"unknown_count" bigint DEFAULT 0 NOT NULL,
	"failed_count" bigint DEFAULT 0 NOT NULL,
	"prompt_tokens" bigint DEFAULT 0 NOT NULL,
	"completion_tokens" bigint DEFAULT 0 NOT NULL,
	"cached_prompt_tokens" bigint DEFAULT 0 NOT NULL,
	"reasoning_tokens" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "ledger_totals_level_starts_at_operation_pk" PRIMARY KEY("level","starts_at","operation")
);
--> statement-breakpoint
CREATE TABLE "payer_costs" (
	"level" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"user_id" bigint NOT NULL,
	"cost_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	CONSTRAINT "payer_costs_level_starts_at_user_id_pk" PRIMARY KEY("level","starts_at","user_id")
) PARTITION BY LIST ("level");
--> statement-breakpoint
CREATE TABLE "payers" (
	"user_id" bigint PRIMARY KEY NOT NULL,
	"folded_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "raw_horizons" (
	"table_name" text PRIMARY KEY NOT NULL,
	"kept_from" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollup_rebuilds" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rollup_rebuilds_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"started_at" timestamp with time zone NOT NULL,
	"from_day" timestamp with time zone NOT NULL,
	"to_day" timestamp with time zone NOT NULL,
	"done_until" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "rollup_state" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_days" (
	"starts_at" timestamp with time zone NOT NULL,
	"user_id" bigint NOT NULL,
	"attempt_count" bigint DEFAULT 0 NOT NULL,
	"cost_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	CONSTRAINT "user_days_user_id_starts_at_pk" PRIMARY KEY("user_id","starts_at")
);
--> statement-breakpoint
CREATE TABLE "user_sets" (
	"level" smallint NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"chunk" integer NOT NULL,
	"users" bit(32768) NOT NULL,
	CONSTRAINT "user_sets_level_kind_starts_at_key_chunk_pk" PRIMARY KEY("level","kind","starts_at","key","chunk")
) PARTITION BY LIST ("level");
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
-- What active users were counted by before there were rollups.
DROP INDEX "interactions_at_user_idx";--> statement-breakpoint
CREATE INDEX "ledger_rollups_empty_idx" ON "ledger_rollups" USING btree ("starts_at") WHERE attempt_count = 0 and cost_usd = 0 and prompt_tokens = 0 and completion_tokens = 0 and cached_prompt_tokens = 0 and reasoning_tokens = 0;--> statement-breakpoint
CREATE INDEX "payers_unfolded_idx" ON "payers" USING btree ("user_id") WHERE folded_at is null;--> statement-breakpoint
CREATE INDEX "user_days_cost_idx" ON "user_days" USING btree ("starts_at","cost_usd" DESC NULLS LAST,"user_id");--> statement-breakpoint
CREATE INDEX "inbox_ended_chat_idx" ON "inbox" USING btree ("chat_id") WHERE status <> 'pending';--> statement-breakpoint
CREATE INDEX "interactions_failed_idx" ON "interactions" USING btree ("handler","error_type","at") WHERE outcome = 'failed';--> statement-breakpoint
CREATE INDEX "payments_paid_at_idx" ON "payments" USING btree ("paid_at");--> statement-breakpoint
CREATE INDEX "payments_refunded_at_idx" ON "payments" USING btree ("refunded_at") WHERE refunded_at is not null;--> statement-breakpoint
CREATE TABLE ledger_rollups_slots PARTITION OF ledger_rollups FOR VALUES IN (0);--> statement-breakpoint
CREATE TABLE ledger_rollups_hours PARTITION OF ledger_rollups FOR VALUES IN (1);--> statement-breakpoint
CREATE TABLE ledger_rollups_days PARTITION OF ledger_rollups FOR VALUES IN (2);--> statement-breakpoint
CREATE TABLE ledger_rollups_weeks PARTITION OF ledger_rollups FOR VALUES IN (3);--> statement-breakpoint
CREATE TABLE interaction_rollups_slots PARTITION OF interaction_rollups FOR VALUES IN (0);--> statement-breakpoint
CREATE TABLE interaction_rollups_hours PARTITION OF interaction_rollups FOR VALUES IN (1);--> statement-breakpoint
CREATE TABLE interaction_rollups_days PARTITION OF interaction_rollups FOR VALUES IN (2);--> statement-breakpoint
CREATE TABLE interaction_rollups_weeks PARTITION OF interaction_rollups FOR VALUES IN (3);--> statement-breakpoint
CREATE TABLE latency_rollups_slots PARTITION OF latency_rollups FOR VALUES IN (0);--> statement-breakpoint
CREATE TABLE latency_rollups_hours PARTITION OF latency_rollups FOR VALUES IN (1);--> statement-breakpoint
CREATE TABLE latency_rollups_days PARTITION OF latency_rollups FOR VALUES IN (2);--> statement-breakpoint
CREATE TABLE latency_rollups_weeks PARTITION OF latency_rollups FOR VALUES IN (3);--> statement-breakpoint
CREATE TABLE user_sets_slots PARTITION OF user_sets FOR VALUES IN (0);--> statement-breakpoint
CREATE TABLE user_sets_hours PARTITION OF user_sets FOR VALUES IN (1);--> statement-breakpoint
CREATE TABLE user_sets_days PARTITION OF user_sets FOR VALUES IN (2);--> statement-breakpoint
CREATE TABLE user_sets_weeks PARTITION OF user_sets FOR VALUES IN (3);--> statement-breakpoint
CREATE TABLE payer_costs_slots PARTITION OF payer_costs FOR VALUES IN (0);--> statement-breakpoint
CREATE TABLE payer_costs_hours PARTITION OF payer_costs FOR VALUES IN (1);--> statement-breakpoint
CREATE TABLE payer_costs_days PARTITION OF payer_costs FOR VALUES IN (2);--> statement-breakpoint
CREATE TABLE payer_costs_weeks PARTITION OF payer_costs FOR VALUES IN (3);--> statement-breakpoint
-- Short and always changing: what was folded is dead and wants to be cleared away soon.
ALTER TABLE ledger_deltas SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 20000);--> statement-breakpoint
ALTER TABLE interaction_deltas SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 20000);--> statement-breakpoint
INSERT INTO rollup_state DEFAULT VALUES;--> statement-breakpoint
CREATE FUNCTION rollup_slot(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT date_bin('5 minutes', at, '2000-01-01T00:00:00Z'::timestamptz)
$$;--> statement-breakpoint
-- What a day and the week of a day are named by.
CREATE FUNCTION day_label(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT day::timestamp AT TIME ZONE 'UTC' $$;--> statement-breakpoint
CREATE FUNCTION week_label(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT date_trunc('week', day::timestamp) AT TIME ZONE 'UTC' $$;--> statement-breakpoint
-- The five minutes, hour, day and week that a slot belongs to. A day is named by its local date, a week by that of its Monday, as midnight UTC.
CREATE FUNCTION rollup_levels(slot timestamptz, zone text) RETURNS TABLE (level smallint, starts_at timestamptz) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  VALUES (0::smallint, slot), (1::smallint, date_bin('1 hour', slot, '2000-01-01T00:00:00Z'::timestamptz)),
    (2::smallint, day_label((slot AT TIME ZONE zone)::date)), (3::smallint, week_label((slot AT TIME ZONE zone)::date))
$$;--> statement-breakpoint
-- Bins of durations grow by 6 %, so the middle of one is within 3 % of all that is in it (DDSketch, Masson et al., VLDB 2019). -1 holds zero.
CREATE FUNCTION latency_bin(ms integer) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN ms <= 0 THEN -1 ELSE ceil(round((ln(ms::float8) / ln(1.06::float8))::numeric, 9)) END::smallint
$$;--> statement-breakpoint
CREATE FUNCTION record_ledger_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_deltas (at, user_id, operation, model, response_model, plan, status, cost_source, disposition, error_type, cost_usd, prompt_tokens, completion_tokens,
    cached_prompt_tokens, reasoning_tokens, duration_ms)
  SELECT started_at, user_id, operation, model, response_model, plan, status, cost_source, disposition, error_type, cost_usd, prompt_tokens, completion_tokens,
    cached_prompt_tokens, reasoning_tokens, duration_ms
  FROM added;
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE FUNCTION record_ledger_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger_deltas (at, weight, user_id, operation, model, response_model, plan, status, cost_source, disposition, error_type, cost_usd, prompt_tokens, completion_tokens,
    cached_prompt_tokens, reasoning_tokens, duration_ms)
  VALUES
    (OLD.started_at, -1, OLD.user_id, OLD.operation, OLD.model, OLD.response_model, OLD.plan, OLD.status, OLD.cost_source, OLD.disposition, OLD.error_type, OLD.cost_usd,
      OLD.prompt_tokens, OLD.completion_tokens, OLD.cached_prompt_tokens, OLD.reasoning_tokens, OLD.duration_ms),
    (NEW.started_at, 1, NEW.user_id, NEW.operation, NEW.model, NEW.response_model, NEW.plan, NEW.status, NEW.cost_source, NEW.disposition, NEW.error_type, NEW.cost_usd,
      NEW.prompt_tokens, NEW.completion_tokens, NEW.cached_prompt_tokens, NEW.reasoning_tokens, NEW.duration_ms);
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER ai_usage_rollup_insert AFTER INSERT ON ai_usage REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_ledger_insert();--> statement-breakpoint
CREATE TRIGGER ai_usage_rollup_update AFTER UPDATE ON ai_usage FOR EACH ROW
  WHEN ((OLD.started_at, OLD.user_id, OLD.operation, OLD.model, OLD.response_model, OLD.plan, OLD.status, OLD.cost_source, OLD.disposition, OLD.error_type, OLD.cost_usd,
      OLD.prompt_tokens, OLD.completion_tokens, OLD.cached_prompt_tokens, OLD.reasoning_tokens, OLD.duration_ms)
    IS DISTINCT FROM (NEW.started_at, NEW.user_id, NEW.operation, NEW.model, NEW.response_model, NEW.plan, NEW.status, NEW.cost_source, NEW.disposition, NEW.error_type, NEW.cost_usd,
      NEW.prompt_tokens, NEW.completion_tokens, NEW.cached_prompt_tokens, NEW.reasoning_tokens, NEW.duration_ms))
  EXECUTE FUNCTION record_ledger_update();--> statement-breakpoint
CREATE FUNCTION record_interaction_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO interaction_deltas (at, user_id, handler, operation, outcome, error_type, reading_source, duration_ms, update_age_ms)
  SELECT at, user_id, handler, operation, outcome, error_type, reading_source, duration_ms, update_age_ms FROM added;
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER interactions_rollup_insert AFTER INSERT ON interactions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_interaction_insert();--> statement-breakpoint
CREATE FUNCTION record_signup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO acquisition_deltas (at, kind, user_id, source, plan) SELECT created_at, 'signup', id, source, 'free' FROM added;
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER users_rollup_insert AFTER INSERT ON users REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION record_signup();--> statement-breakpoint
-- What each payment is worth to the rollups: that it was paid, and that it was refunded.
CREATE FUNCTION describe_payment(p payments, weight smallint) RETURNS SETOF acquisition_deltas LANGUAGE sql STABLE AS $$
  SELECT paid.at, weight, paid.kind, p.user_id, coalesce(u.source, ''), p.plan, p.stars, p.value_usd
  FROM (VALUES (p.paid_at, 'payment'), (p.refunded_at, 'refund')) AS paid(at, kind) LEFT JOIN users u ON u.id = p.user_id
  WHERE paid.at IS NOT NULL
$$;--> statement-breakpoint
CREATE FUNCTION record_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO acquisition_deltas SELECT * FROM describe_payment(OLD, -1::smallint);
  ELSE
    INSERT INTO payers (user_id) VALUES (NEW.user_id) ON CONFLICT DO NOTHING;
  END IF;
  INSERT INTO acquisition_deltas SELECT * FROM describe_payment(NEW, 1::smallint);
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER payments_rollup_insert AFTER INSERT ON payments FOR EACH ROW EXECUTE FUNCTION record_payment();--> statement-breakpoint
CREATE TRIGGER payments_rollup_update AFTER UPDATE ON payments FOR EACH ROW
  WHEN ((OLD.user_id, OLD.plan, OLD.stars, OLD.value_usd, OLD.paid_at, OLD.refunded_at) IS DISTINCT FROM (NEW.user_id, NEW.plan, NEW.stars, NEW.value_usd, NEW.paid_at, NEW.refunded_at))
  EXECUTE FUNCTION record_payment();--> statement-breakpoint
CREATE FUNCTION record_schedule_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO job_deltas (at, weight, kind, name, outcome, duration_ms)
    VALUES (OLD.started_at, -1, 'schedule', OLD.schedule, OLD.outcome, round(extract(epoch FROM OLD.finished_at - OLD.started_at) * 1000));
  END IF;
  INSERT INTO job_deltas (at, kind, name, outcome, duration_ms)
  VALUES (NEW.started_at, 'schedule', NEW.schedule, NEW.outcome, round(extract(epoch FROM NEW.finished_at - NEW.started_at) * 1000));
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER schedule_runs_rollup AFTER INSERT OR UPDATE ON schedule_runs FOR EACH ROW EXECUTE FUNCTION record_schedule_run();--> statement-breakpoint
CREATE TYPE latency_count AS (slot timestamptz, family text, key_a text, key_b text, bin smallint, n bigint);--> statement-breakpoint
CREATE FUNCTION fold_latencies(entries latency_count[], zone text, levels smallint[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO latency_rollups AS r (level, starts_at, family, key_a, key_b, bins, counts)
  SELECT level, starts_at, family, key_a, key_b, array_agg(bin ORDER BY bin), array_agg(n ORDER BY bin)
  FROM (
    SELECT l.level, l.starts_at, e.family, e.key_a, e.key_b, e.bin, sum(e.n)::bigint AS n
    FROM unnest(entries) AS e CROSS JOIN LATERAL rollup_levels(e.slot, zone) AS l
    WHERE l.level = ANY (levels)
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(e.n) <> 0
  ) AS binned
  GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (level, family, starts_at, key_a, key_b) DO UPDATE SET (bins, counts) = (
    SELECT coalesce(array_agg(bin ORDER BY bin), '{}'), coalesce(array_agg(n ORDER BY bin), '{}')
    FROM (
      SELECT bin, sum(n)::bigint AS n
      FROM (SELECT * FROM unnest(r.bins, r.counts) UNION ALL SELECT * FROM unnest(excluded.bins, excluded.counts)) AS both_sides(bin, n)
      GROUP BY bin HAVING sum(n) <> 0
    ) AS merged)
$$;--> statement-breakpoint
CREATE TYPE set_member AS (slot timestamptz, kind text, key text, user_id bigint);--> statement-breakpoint
CREATE FUNCTION fold_user_sets(members set_member[], zone text, levels smallint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  nobody bit(32768) := repeat('0', 32768)::bit(32768);
BEGIN
  WITH slots AS MATERIALIZED (
    SELECT m.slot, m.kind, m.key, (m.user_id >> 15)::int AS chunk, bit_or(set_bit(nobody, (m.user_id & 32767)::int, 1)) AS users
    FROM (SELECT DISTINCT * FROM unnest(members)) AS m GROUP BY 1, 2, 3, 4
  )
  INSERT INTO user_sets AS s (level, starts_at, kind, key, chunk, users)
  SELECT l.level, l.starts_at, slots.kind, slots.key, slots.chunk, bit_or(slots.users)
  FROM slots CROSS JOIN LATERAL rollup_levels(slots.slot, zone) AS l
  WHERE l.level = ANY (levels)
  GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (level, kind, starts_at, key, chunk) DO UPDATE SET users = s.users | excluded.users WHERE s.users | excluded.users <> s.users;
END
$$;--> statement-breakpoint
CREATE FUNCTION fold_ledger_deltas(deltas ledger_deltas[], zone text, levels smallint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WITH slots AS MATERIALIZED (
    SELECT rollup_slot(d.at) AS slot, d.operation, d.model, coalesce(nullif(d.response_model, d.model), '') AS served_model, d.plan, d.status, d.cost_source,
      coalesce(d.disposition, '') AS disposition, coalesce(d.error_type, '') AS error_type, (d.user_id IS NOT NULL)::int::smallint AS is_attributed,
      sum(d.weight) AS attempt_count,
      sum(d.weight * coalesce(d.cost_usd, 0)) AS cost_usd, sum(d.weight * coalesce(d.prompt_tokens, 0)) AS prompt_tokens,
      sum(d.weight * coalesce(d.completion_tokens, 0)) AS completion_tokens, sum(d.weight * coalesce(d.cached_prompt_tokens, 0)) AS cached_prompt_tokens,
      sum(d.weight * coalesce(d.reasoning_tokens, 0)) AS reasoning_tokens
    FROM unnest(deltas) AS d GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
  )
  INSERT INTO ledger_rollups AS r (level, starts_at, operation, model, served_model, plan, status, cost_source, disposition, error_type, is_attributed, attempt_count, cost_usd,
    prompt_tokens, completion_tokens, cached_prompt_tokens, reasoning_tokens)
  SELECT l.level, l.starts_at, s.operation, s.model, s.served_model, s.plan, s.status, s.cost_source, s.disposition, s.error_type, s.is_attributed, sum(s.attempt_count), sum(s.cost_usd),
    sum(s.prompt_tokens), sum(s.completion_tokens), sum(s.cached_prompt_tokens), sum(s.reasoning_tokens)
  FROM slots AS s CROSS JOIN LATERAL rollup_levels(s.slot, zone) AS l
  WHERE l.level = ANY (levels)
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
  HAVING (sum(s.attempt_count), sum(s.cost_usd), sum(s.prompt_tokens), sum(s.completion_tokens), sum(s.cached_prompt_tokens), sum(s.reasoning_tokens)) <> (0, 0, 0, 0, 0, 0)
  ON CONFLICT (level, starts_at, operation, model, served_model, plan, status, cost_source, disposition, error_type, is_attributed) DO UPDATE SET
    attempt_count = r.attempt_count + excluded.attempt_count, cost_usd = r.cost_usd + excluded.cost_usd, prompt_tokens = r.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = r.completion_tokens + excluded.completion_tokens, cached_prompt_tokens = r.cached_prompt_tokens + excluded.cached_prompt_tokens,
    reasoning_tokens = r.reasoning_tokens + excluded.reasoning_tokens;
  DELETE FROM ledger_rollups WHERE attempt_count = 0 AND cost_usd = 0 AND prompt_tokens = 0 AND completion_tokens = 0 AND cached_prompt_tokens = 0 AND reasoning_tokens = 0;
  WITH slots AS MATERIALIZED (
    SELECT rollup_slot(d.at) AS slot, d.operation,
      coalesce(sum(d.weight * d.cost_usd), 0) AS total_usd,
      coalesce(sum(d.weight * d.cost_usd) FILTER (WHERE d.cost_source = 'billed'), 0) AS billed_usd,
      coalesce(sum(d.weight * d.cost_usd) FILTER (WHERE d.cost_source = 'lookup'), 0) AS lookup_usd,
      coalesce(sum(d.weight * d.cost_usd) FILTER (WHERE d.cost_source = 'estimated'), 0) AS estimated_usd,
      coalesce(sum(d.weight * d.cost_usd) FILTER (WHERE d.user_id IS NOT NULL), 0) AS attributed_usd,
      coalesce(sum(d.weight), 0) AS total_count,
      coalesce(sum(d.weight) FILTER (WHERE d.status = 'settled'), 0) AS settled_count,
      coalesce(sum(d.weight) FILTER (WHERE d.status = 'void'), 0) AS void_count,
      coalesce(sum(d.weight) FILTER (WHERE d.status = 'reserved'), 0) AS reserved_count,
      coalesce(sum(d.weight) FILTER (WHERE d.status = 'unknown'), 0) AS unknown_count,
      coalesce(sum(d.weight) FILTER (WHERE d.error_type IS NOT NULL), 0) AS failed_count,
      sum(d.weight * coalesce(d.prompt_tokens, 0)) AS prompt_tokens,
      sum(d.weight * coalesce(d.completion_tokens, 0)) AS completion_tokens,
      sum(d.weight * coalesce(d.cached_prompt_tokens, 0)) AS cached_prompt_tokens,
      sum(d.weight * coalesce(d.reasoning_tokens, 0)) AS reasoning_tokens
    FROM unnest(deltas) AS d GROUP BY 1, 2
  )
  INSERT INTO ledger_totals AS r (level, starts_at, operation, total_usd, billed_usd, lookup_usd, estimated_usd, attributed_usd, total_count, settled_count, void_count, reserved_count, unknown_count, failed_count, prompt_tokens, completion_tokens, cached_prompt_tokens, reasoning_tokens)
  SELECT l.level, l.starts_at, s.operation, sum(s.total_usd), sum(s.billed_usd), sum(s.lookup_usd), sum(s.estimated_usd), sum(s.attributed_usd), sum(s.total_count), sum(s.settled_count), sum(s.void_count), sum(s.reserved_count), sum(s.unknown_count), sum(s.failed_count), sum(s.prompt_tokens), sum(s.completion_tokens), sum(s.cached_prompt_tokens), sum(s.reasoning_tokens)
  FROM slots AS s CROSS JOIN LATERAL rollup_levels(s.slot, zone) AS l WHERE l.level = ANY (levels) GROUP BY 1, 2, 3
  ON CONFLICT (level, starts_at, operation) DO UPDATE SET
    total_usd = r.total_usd + excluded.total_usd,
    billed_usd = r.billed_usd + excluded.billed_usd,
    lookup_usd = r.lookup_usd + excluded.lookup_usd,
    estimated_usd = r.estimated_usd + excluded.estimated_usd,
    attributed_usd = r.attributed_usd + excluded.attributed_usd,
    total_count = r.total_count + excluded.total_count,
    settled_count = r.settled_count + excluded.settled_count,
    void_count = r.void_count + excluded.void_count,
    reserved_count = r.reserved_count + excluded.reserved_count,
    unknown_count = r.unknown_count + excluded.unknown_count,
    failed_count = r.failed_count + excluded.failed_count,
    prompt_tokens = r.prompt_tokens + excluded.prompt_tokens,
    completion_tokens = r.completion_tokens + excluded.completion_tokens,
    cached_prompt_tokens = r.cached_prompt_tokens + excluded.cached_prompt_tokens,
    reasoning_tokens = r.reasoning_tokens + excluded.reasoning_tokens;
  PERFORM fold_latencies((
    SELECT array_agg((b.slot, 'generation', b.key_a, b.key_b, b.bin, b.n)::latency_count) FROM (
      SELECT rollup_slot(d.at) AS slot, k.a AS key_a, k.b AS key_b, latency_bin(d.duration_ms) AS bin, sum(d.weight)::bigint AS n
      FROM unnest(deltas) AS d CROSS JOIN LATERAL (VALUES (d.operation, d.model), ('', '')) AS k(a, b)
      WHERE d.duration_ms IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING sum(d.weight) <> 0) AS b), zone, levels);
  WITH slots AS MATERIALIZED (
    SELECT rollup_slot(d.at) AS slot, coalesce(u.source, '') AS source, d.plan, sum(d.weight) AS attempt_count, sum(d.weight * coalesce(d.cost_usd, 0)) AS cost_usd
    FROM unnest(deltas) AS d LEFT JOIN users AS u ON u.id = d.user_id GROUP BY 1, 2, 3
    HAVING (sum(d.weight), sum(d.weight * coalesce(d.cost_usd, 0))) <> (0, 0)
  )
  INSERT INTO acquisition_rollups AS r (level, starts_at, source, plan, attempt_count, cost_usd)
  SELECT l.level, l.starts_at, s.source, s.plan, sum(s.attempt_count), sum(s.cost_usd)
  FROM slots AS s CROSS JOIN LATERAL rollup_levels(s.slot, zone) AS l WHERE l.level = ANY (levels) GROUP BY 1, 2, 3, 4
  ON CONFLICT (level, starts_at, source, plan) DO UPDATE SET attempt_count = r.attempt_count + excluded.attempt_count, cost_usd = r.cost_usd + excluded.cost_usd;
  INSERT INTO user_days AS r (starts_at, user_id, attempt_count, cost_usd)
  SELECT date_bin('1 day', d.at, '2000-01-01T00:00:00Z'::timestamptz), d.user_id, sum(d.weight), sum(d.weight * coalesce(d.cost_usd, 0))
  FROM unnest(deltas) AS d WHERE d.user_id IS NOT NULL GROUP BY 1, 2
  HAVING (sum(d.weight), sum(d.weight * coalesce(d.cost_usd, 0))) <> (0, 0)
  ON CONFLICT (user_id, starts_at) DO UPDATE SET attempt_count = r.attempt_count + excluded.attempt_count, cost_usd = r.cost_usd + excluded.cost_usd;
  INSERT INTO payer_costs AS r (level, starts_at, user_id, cost_usd)
  SELECT l.level, l.starts_at, d.user_id, sum(d.weight * d.cost_usd)
  FROM unnest(deltas) AS d JOIN payers AS p ON p.user_id = d.user_id AND p.folded_at IS NOT NULL
    CROSS JOIN LATERAL rollup_levels(rollup_slot(d.at), zone) AS l
  WHERE d.cost_usd IS NOT NULL AND l.level = ANY (levels) GROUP BY 1, 2, 3 HAVING sum(d.weight * d.cost_usd) <> 0
  ON CONFLICT (level, starts_at, user_id) DO UPDATE SET cost_usd = r.cost_usd + excluded.cost_usd;
END
$$;--> statement-breakpoint
-- Brings the past of those who paid for the first time into "payer_costs": what is in the ledger less what is still to be folded, both as one snapshot shows them.
-- Of days whose raw rows are kept no longer it is what their users' days hold, put at noon UTC: the same date almost everywhere.
CREATE FUNCTION fold_new_payers(zone text) RETURNS void LANGUAGE sql AS $$
  WITH horizon AS (
    SELECT coalesce(max(kept_from), '-infinity') AS kept_from FROM raw_horizons WHERE table_name = 'ai_usage'
  ), chosen AS (
    UPDATE payers SET folded_at = now() WHERE folded_at IS NULL RETURNING user_id
  ), entry AS (
    SELECT u.started_at AS at, u.user_id, u.cost_usd FROM chosen JOIN ai_usage AS u USING (user_id) CROSS JOIN horizon
    WHERE u.cost_usd IS NOT NULL AND u.started_at >= horizon.kept_from
    UNION ALL
    SELECT d.at, d.user_id, -d.weight * d.cost_usd FROM chosen JOIN ledger_deltas AS d USING (user_id) CROSS JOIN horizon
    WHERE d.cost_usd IS NOT NULL AND d.at >= horizon.kept_from
    UNION ALL
    SELECT r.starts_at + interval '12 hours', r.user_id, r.cost_usd FROM chosen JOIN user_days AS r USING (user_id) CROSS JOIN horizon WHERE r.starts_at < horizon.kept_from
  )
  INSERT INTO payer_costs AS r (level, starts_at, user_id, cost_usd)
  SELECT l.level, l.starts_at, e.user_id, sum(e.cost_usd) FROM entry AS e CROSS JOIN LATERAL rollup_levels(rollup_slot(e.at), zone) AS l
  GROUP BY 1, 2, 3 HAVING sum(e.cost_usd) <> 0
  ON CONFLICT (level, starts_at, user_id) DO UPDATE SET cost_usd = r.cost_usd + excluded.cost_usd
$$;--> statement-breakpoint
CREATE FUNCTION fold_interaction_deltas(deltas interaction_deltas[], zone text, levels smallint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WITH slots AS MATERIALIZED (
    SELECT rollup_slot(d.at) AS slot, d.handler, coalesce(d.operation, '') AS operation, d.outcome, coalesce(d.error_type, '') AS error_type,
      coalesce(d.reading_source, '') AS reading_source, count(*) AS n, sum(d.duration_ms) AS duration_ms
    FROM unnest(deltas) AS d GROUP BY 1, 2, 3, 4, 5, 6
  )
  INSERT INTO interaction_rollups AS r (level, starts_at, handler, operation, outcome, error_type, reading_source, interaction_count, duration_ms)
  SELECT l.level, l.starts_at, s.handler, s.operation, s.outcome, s.error_type, s.reading_source, sum(s.n), sum(s.duration_ms)
  FROM slots AS s CROSS JOIN LATERAL rollup_levels(s.slot, zone) AS l WHERE l.level = ANY (levels) GROUP BY 1, 2, 3, 4, 5, 6, 7
  ON CONFLICT (level, starts_at, handler, operation, outcome, error_type, reading_source) DO UPDATE SET
    interaction_count = r.interaction_count + excluded.interaction_count, duration_ms = r.duration_ms + excluded.duration_ms;
  PERFORM fold_latencies((
    SELECT array_agg((b.slot, b.family, b.key_a, '', b.bin, b.n)::latency_count) FROM (
      SELECT rollup_slot(d.at) AS slot, k.family, k.a AS key_a, latency_bin(k.ms) AS bin, count(*) AS n
      FROM unnest(deltas) AS d
        CROSS JOIN LATERAL (VALUES ('interaction', d.handler, d.duration_ms), ('interaction', '', d.duration_ms), ('update_age', '', d.update_age_ms)) AS k(family, a, ms)
      GROUP BY 1, 2, 3, 4) AS b), zone, levels);
  PERFORM fold_user_sets((
    SELECT array_agg((m.slot, m.kind, m.key, m.user_id)::set_member) FROM (
      SELECT rollup_slot(at) AS slot, 'active' AS kind, '' AS key, user_id FROM unnest(deltas) WHERE handler <> 'chat_member'
      UNION
      SELECT rollup_slot(at), 'failed', handler || '/' || coalesce(error_type, ''), user_id FROM unnest(deltas) WHERE outcome = 'failed') AS m), zone, levels);
END
$$;--> statement-breakpoint
CREATE FUNCTION fold_acquisition_deltas(deltas acquisition_deltas[], zone text, levels smallint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO acquisition_rollups AS r (level, starts_at, source, plan, signup_count, payment_count, payment_stars, payment_usd, refund_count, refund_stars, refund_usd)
  SELECT l.level, l.starts_at, d.source, d.plan, coalesce(sum(d.weight) FILTER (WHERE d.kind = 'signup'), 0),
    coalesce(sum(d.weight) FILTER (WHERE d.kind = 'payment'), 0), coalesce(sum(d.weight * d.stars) FILTER (WHERE d.kind = 'payment'), 0),
    coalesce(sum(d.weight * d.usd) FILTER (WHERE d.kind = 'payment'), 0), coalesce(sum(d.weight) FILTER (WHERE d.kind = 'refund'), 0),
    coalesce(sum(d.weight * d.stars) FILTER (WHERE d.kind = 'refund'), 0), coalesce(sum(d.weight * d.usd) FILTER (WHERE d.kind = 'refund'), 0)
  FROM unnest(deltas) AS d CROSS JOIN LATERAL rollup_levels(rollup_slot(d.at), zone) AS l WHERE l.level = ANY (levels) GROUP BY 1, 2, 3, 4
  ON CONFLICT (level, starts_at, source, plan) DO UPDATE SET
    signup_count = r.signup_count + excluded.signup_count, payment_count = r.payment_count + excluded.payment_count,
    payment_stars = r.payment_stars + excluded.payment_stars, payment_usd = r.payment_usd + excluded.payment_usd,
    refund_count = r.refund_count + excluded.refund_count, refund_stars = r.refund_stars + excluded.refund_stars, refund_usd = r.refund_usd + excluded.refund_usd;
  PERFORM fold_user_sets((SELECT array_agg((rollup_slot(at), 'new', '', user_id)::set_member) FROM unnest(deltas) WHERE kind = 'signup'), zone, levels);
END
$$;--> statement-breakpoint
CREATE FUNCTION fold_job_deltas(deltas job_deltas[], zone text, levels smallint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO job_rollups AS r (level, starts_at, kind, name, outcome, run_count, duration_ms)
  SELECT l.level, l.starts_at, d.kind, d.name, d.outcome, sum(d.weight), sum(d.weight * coalesce(d.duration_ms, 0))
  FROM unnest(deltas) AS d CROSS JOIN LATERAL rollup_levels(rollup_slot(d.at), zone) AS l WHERE l.level = ANY (levels) GROUP BY 1, 2, 3, 4, 5
  HAVING (sum(d.weight), sum(d.weight * coalesce(d.duration_ms, 0))) <> (0, 0)
  ON CONFLICT (level, starts_at, kind, name, outcome) DO UPDATE SET run_count = r.run_count + excluded.run_count, duration_ms = r.duration_ms + excluded.duration_ms;
  DELETE FROM job_rollups WHERE run_count = 0 AND duration_ms = 0 AND starts_at >= (SELECT min(at) - interval '2 days' FROM unnest(deltas));
  PERFORM fold_latencies((
    SELECT array_agg((b.slot, 'job', b.kind, b.name, b.bin, b.n)::latency_count) FROM (
      SELECT rollup_slot(at) AS slot, kind, name, latency_bin(duration_ms) AS bin, sum(weight)::bigint AS n
      FROM unnest(deltas) WHERE duration_ms IS NOT NULL GROUP BY 1, 2, 3, 4 HAVING sum(weight) <> 0) AS b), zone, levels);
END
$$;--> statement-breakpoint
CREATE FUNCTION fold_http_deltas(deltas http_deltas[], zone text, levels smallint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO http_rollups AS r (level, starts_at, handler, method, status, request_count)
  SELECT l.level, l.starts_at, d.handler, d.method, d.status, sum(d.request_count)
  FROM unnest(deltas) AS d CROSS JOIN LATERAL rollup_levels(rollup_slot(d.at), zone) AS l WHERE l.level = ANY (levels) GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT (level, starts_at, handler, method, status) DO UPDATE SET request_count = r.request_count + excluded.request_count;
  PERFORM fold_latencies((
    SELECT array_agg((b.slot, 'http', b.key_a, '', b.bin, b.n)::latency_count) FROM (
      SELECT rollup_slot(d.at) AS slot, k.a AS key_a, c.bin, sum(c.n)::bigint AS n
      FROM unnest(deltas) AS d CROSS JOIN LATERAL unnest(d.bins, d.counts) AS c(bin, n) CROSS JOIN LATERAL (VALUES (d.handler), ('')) AS k(a)
      GROUP BY 1, 2, 3) AS b), zone, levels);
END
$$;--> statement-breakpoint
-- Any constant will do for the lock: whoever writes rollups holds it, so that writers of raw rows never wait for them and no two ever meet.
CREATE FUNCTION rollup_lock_key() RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT 7238441004 $$;--> statement-breakpoint
-- Brings at most so many changes of each kind into the rollups; tells the largest number of one kind, or null when somebody else is at it.
CREATE FUNCTION fold_rollups(batch integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  zone text;
  levels smallint[] := '{0,1,2,3}';
  ledger ledger_deltas[];
  handled interaction_deltas[];
  acquired acquisition_deltas[];
  jobs job_deltas[];
  requests http_deltas[];
BEGIN
  IF NOT pg_try_advisory_xact_lock(rollup_lock_key()) THEN
    RETURN NULL;
  END IF;
  SELECT time_zone INTO zone FROM rollup_state;
  WITH taken AS (DELETE FROM ledger_deltas AS d WHERE ctid = ANY (ARRAY(SELECT ctid FROM ledger_deltas LIMIT batch)) RETURNING d AS delta) SELECT array_agg(delta) INTO ledger FROM taken;
  WITH taken AS (DELETE FROM interaction_deltas AS d WHERE ctid = ANY (ARRAY(SELECT ctid FROM interaction_deltas LIMIT batch)) RETURNING d AS delta) SELECT array_agg(delta) INTO handled FROM taken;
  WITH taken AS (DELETE FROM acquisition_deltas AS d WHERE ctid = ANY (ARRAY(SELECT ctid FROM acquisition_deltas LIMIT batch)) RETURNING d AS delta) SELECT array_agg(delta) INTO acquired FROM taken;
  WITH taken AS (DELETE FROM job_deltas AS d WHERE ctid = ANY (ARRAY(SELECT ctid FROM job_deltas LIMIT batch)) RETURNING d AS delta) SELECT array_agg(delta) INTO jobs FROM taken;
  WITH taken AS (DELETE FROM http_deltas AS d WHERE ctid = ANY (ARRAY(SELECT ctid FROM http_deltas LIMIT batch)) RETURNING d AS delta) SELECT array_agg(delta) INTO requests FROM taken;
  IF ledger IS NOT NULL THEN PERFORM fold_ledger_deltas(ledger, zone, levels); END IF;
  IF handled IS NOT NULL THEN PERFORM fold_interaction_deltas(handled, zone, levels); END IF;
  IF acquired IS NOT NULL THEN PERFORM fold_acquisition_deltas(acquired, zone, levels); END IF;
  IF jobs IS NOT NULL THEN PERFORM fold_job_deltas(jobs, zone, levels); END IF;
  IF requests IS NOT NULL THEN PERFORM fold_http_deltas(requests, zone, levels); END IF;
  IF EXISTS (SELECT FROM payers WHERE folded_at IS NULL) THEN PERFORM fold_new_payers(zone); END IF;
  RETURN greatest(coalesce(cardinality(ledger), 0), coalesce(cardinality(handled), 0), coalesce(cardinality(acquired), 0), coalesce(cardinality(jobs), 0), coalesce(cardinality(requests), 0));
END
$$;--> statement-breakpoint
-- The days of one of the rollups' tables from its five minutes, and the weeks in which they lie from the days. In the order of time, in which they are read.
CREATE FUNCTION derive_sums(rollups text, keys text[], sums text[], zone text, first_day date, last_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  key_list text := array_to_string(keys, ', ');
  sum_list text := (SELECT string_agg(format('sum(%I)', s), ', ') FROM unnest(sums) AS s);
BEGIN
  EXECUTE format('DELETE FROM %I WHERE level = 2 AND starts_at >= day_label($1) AND starts_at <= day_label($2)', rollups) USING first_day, last_day;
  EXECUTE format(
    'INSERT INTO %I (level, starts_at, %s, %s)
     SELECT 2, day_label((starts_at AT TIME ZONE $3)::date), %s, %s FROM %I
     WHERE level = 0 AND starts_at >= day_label($1 - 1) AND starts_at < day_label($2 + 2) AND (starts_at AT TIME ZONE $3)::date BETWEEN $1 AND $2
     GROUP BY 2, %s ORDER BY 2',
    rollups, key_list, array_to_string(sums, ', '), key_list, sum_list, rollups, key_list)
  USING first_day, last_day, zone;
  EXECUTE format('DELETE FROM %I WHERE level = 3 AND starts_at >= week_label($1) AND starts_at <= week_label($2)', rollups) USING first_day, last_day;
  EXECUTE format(
    'INSERT INTO %I (level, starts_at, %s, %s)
     SELECT 3, week_label((starts_at AT TIME ZONE ''UTC'')::date), %s, %s FROM %I
     WHERE level = 2 AND starts_at >= week_label($1) AND starts_at < week_label($2 + 7) GROUP BY 2, %s ORDER BY 2',
    rollups, key_list, array_to_string(sums, ', '), key_list, sum_list, rollups, key_list)
  USING first_day, last_day;
END
$$;--> statement-breakpoint
-- Makes the days of the rollups, from one local date to another, anew from their five minutes, and the weeks in which they lie from the days.
CREATE FUNCTION derive_days(zone text, first_day date, last_day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM derive_sums('ledger_rollups', '{operation,model,served_model,plan,status,cost_source,disposition,error_type,is_attributed}',
    '{attempt_count,cost_usd,prompt_tokens,completion_tokens,cached_prompt_tokens,reasoning_tokens}', zone, first_day, last_day);
  PERFORM derive_sums('ledger_totals', '{operation}', '{total_usd,billed_usd,lookup_usd,estimated_usd,attributed_usd,total_count,settled_count,void_count,reserved_count,unknown_count,failed_count,prompt_tokens,completion_tokens,cached_prompt_tokens,reasoning_tokens}', zone, first_day, last_day);
  PERFORM derive_sums('interaction_rollups', '{handler,operation,outcome,error_type,reading_source}', '{interaction_count,duration_ms}', zone, first_day, last_day);
  PERFORM derive_sums('acquisition_rollups', '{source,plan}',
    '{signup_count,attempt_count,cost_usd,payment_count,payment_stars,payment_usd,refund_count,refund_stars,refund_usd}', zone, first_day, last_day);
  PERFORM derive_sums('payer_costs', '{user_id}', '{cost_usd}', zone, first_day, last_day);
  PERFORM derive_sums('job_rollups', '{kind,name,outcome}', '{run_count,duration_ms}', zone, first_day, last_day);
  PERFORM derive_sums('http_rollups', '{handler,method,status}', '{request_count}', zone, first_day, last_day);
  DELETE FROM latency_rollups WHERE level = 2 AND starts_at >= day_label(first_day) AND starts_at <= day_label(last_day);
  INSERT INTO latency_rollups (level, starts_at, family, key_a, key_b, bins, counts)
  SELECT 2, day, family, key_a, key_b, array_agg(bin ORDER BY bin), array_agg(n ORDER BY bin)
  FROM (
    SELECT day_label((starts_at AT TIME ZONE zone)::date) AS day, family, key_a, key_b, c.bin, sum(c.n)::bigint AS n
    FROM latency_rollups CROSS JOIN LATERAL unnest(bins, counts) AS c(bin, n)
    WHERE level = 0 AND starts_at >= day_label(first_day - 1) AND starts_at < day_label(last_day + 2) AND (starts_at AT TIME ZONE zone)::date BETWEEN first_day AND last_day
    GROUP BY 1, 2, 3, 4, 5
  ) AS binned GROUP BY 2, 3, 4, 5 ORDER BY 2;
  DELETE FROM latency_rollups WHERE level = 3 AND starts_at >= week_label(first_day) AND starts_at <= week_label(last_day);
  INSERT INTO latency_rollups (level, starts_at, family, key_a, key_b, bins, counts)
  SELECT 3, week, family, key_a, key_b, array_agg(bin ORDER BY bin), array_agg(n ORDER BY bin)
  FROM (
    SELECT week_label((starts_at AT TIME ZONE 'UTC')::date) AS week, family, key_a, key_b, c.bin, sum(c.n)::bigint AS n
    FROM latency_rollups CROSS JOIN LATERAL unnest(bins, counts) AS c(bin, n)
    WHERE level = 2 AND starts_at >= week_label(first_day) AND starts_at < week_label(last_day + 7)
    GROUP BY 1, 2, 3, 4, 5
  ) AS binned GROUP BY 2, 3, 4, 5 ORDER BY 2;
  DELETE FROM user_sets WHERE level = 2 AND starts_at >= day_label(first_day) AND starts_at <= day_label(last_day);
  INSERT INTO user_sets (level, starts_at, kind, key, chunk, users)
  SELECT 2, day_label((starts_at AT TIME ZONE zone)::date), kind, key, chunk, bit_or(users) FROM user_sets
  WHERE level = 0 AND starts_at >= day_label(first_day - 1) AND starts_at < day_label(last_day + 2) AND (starts_at AT TIME ZONE zone)::date BETWEEN first_day AND last_day
  GROUP BY 2, 3, 4, 5 ORDER BY 2;
  DELETE FROM user_sets WHERE level = 3 AND starts_at >= week_label(first_day) AND starts_at <= week_label(last_day);
  INSERT INTO user_sets (level, starts_at, kind, key, chunk, users)
  SELECT 3, week_label((starts_at AT TIME ZONE 'UTC')::date), kind, key, chunk, bit_or(users) FROM user_sets
  WHERE level = 2 AND starts_at >= week_label(first_day) AND starts_at < week_label(last_day + 7) GROUP BY 2, 3, 4, 5 ORDER BY 2;
END
$$;--> statement-breakpoint
CREATE FUNCTION rebuild_ledger_hour(zone text, from_at timestamptz, to_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  ledger ledger_deltas[];
  acquired acquisition_deltas[];
BEGIN
  -- One statement, so one snapshot: what it sees of the raw rows is what it deletes of their changes.
  WITH gone AS (
    DELETE FROM ledger_deltas WHERE at >= from_at AND at < to_at
  )
  SELECT array_agg((started_at, 1, user_id, operation, model, response_model, plan, status, cost_source, disposition, error_type, cost_usd, prompt_tokens, completion_tokens,
    cached_prompt_tokens, reasoning_tokens, duration_ms)::ledger_deltas) INTO ledger
  FROM ai_usage WHERE started_at >= from_at AND started_at < to_at;
  WITH gone AS (
    DELETE FROM acquisition_deltas WHERE at >= from_at AND at < to_at
  ), entry AS (
    SELECT (created_at, 1, 'signup', id, source, 'free', 0, 0)::acquisition_deltas AS delta FROM users WHERE created_at >= from_at AND created_at < to_at
    UNION ALL
    SELECT d FROM payments AS p CROSS JOIN LATERAL describe_payment(p, 1::smallint) AS d
    WHERE ((p.paid_at >= from_at AND p.paid_at < to_at) OR (p.refunded_at >= from_at AND p.refunded_at < to_at)) AND d.at >= from_at AND d.at < to_at
  )
  SELECT array_agg(delta) INTO acquired FROM entry;
  IF ledger IS NOT NULL THEN PERFORM fold_ledger_deltas(ledger, zone, '{0,1}'); END IF;
  IF acquired IS NOT NULL THEN PERFORM fold_acquisition_deltas(acquired, zone, '{0,1}'); END IF;
END
$$;--> statement-breakpoint
CREATE FUNCTION rebuild_interactions_hour(zone text, from_at timestamptz, to_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  handled interaction_deltas[];
BEGIN
  WITH gone AS (
    DELETE FROM interaction_deltas WHERE at >= from_at AND at < to_at
  )
  SELECT array_agg((at, user_id, handler, operation, outcome, error_type, reading_source, duration_ms, update_age_ms)::interaction_deltas) INTO handled
  FROM interactions WHERE at >= from_at AND at < to_at;
  IF handled IS NOT NULL THEN PERFORM fold_interaction_deltas(handled, zone, '{0,1}'); END IF;
END
$$;--> statement-breakpoint
-- Makes the rollups of one UTC day anew from the raw rows, where those are still there. Jobs and requests have none to be made from.
CREATE FUNCTION rebuild_rollups(day timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  zone text;
  day_end timestamptz := day + interval '1 day';
  hour timestamptz;
  has_ledger boolean;
  has_interactions boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(rollup_lock_key());
  -- Read under the lock: retention may have moved them while this waited.
  has_ledger := day >= coalesce((SELECT kept_from FROM raw_horizons WHERE table_name = 'ai_usage'), '-infinity');
  has_interactions := day >= coalesce((SELECT kept_from FROM raw_horizons WHERE table_name = 'interactions'), '-infinity');
  SELECT time_zone INTO zone FROM rollup_state;
  IF has_ledger THEN
    DELETE FROM ledger_rollups WHERE level IN (0, 1) AND starts_at >= day AND starts_at < day_end;
    DELETE FROM ledger_totals WHERE level IN (0, 1) AND starts_at >= day AND starts_at < day_end;
    DELETE FROM acquisition_rollups WHERE level IN (0, 1) AND starts_at >= day AND starts_at < day_end;
    DELETE FROM payer_costs WHERE level IN (0, 1) AND starts_at >= day AND starts_at < day_end;
    DELETE FROM latency_rollups WHERE level IN (0, 1) AND family = 'generation' AND starts_at >= day AND starts_at < day_end;
    DELETE FROM user_sets WHERE level IN (0, 1) AND kind = 'new' AND starts_at >= day AND starts_at < day_end;
    DELETE FROM user_days WHERE starts_at = day;
  END IF;
  IF has_interactions THEN
    DELETE FROM interaction_rollups WHERE level IN (0, 1) AND starts_at >= day AND starts_at < day_end;
    DELETE FROM latency_rollups WHERE level IN (0, 1) AND family IN ('interaction', 'update_age') AND starts_at >= day AND starts_at < day_end;
    DELETE FROM user_sets WHERE level IN (0, 1) AND kind IN ('active', 'failed') AND starts_at >= day AND starts_at < day_end;
  END IF;
  FOR hour IN SELECT generate_series(day, day_end - interval '1 hour', interval '1 hour') LOOP
    IF has_ledger THEN PERFORM rebuild_ledger_hour(zone, hour, hour + interval '1 hour'); END IF;
    IF has_interactions THEN PERFORM rebuild_interactions_hour(zone, hour, hour + interval '1 hour'); END IF;
  END LOOP;
  PERFORM derive_days(zone, (day AT TIME ZONE zone)::date, ((day_end - interval '1 microsecond') AT TIME ZONE zone)::date);
END
$$;--> statement-breakpoint
-- Makes all days of the rollups days of another time zone; false when they are already.
CREATE FUNCTION set_rollup_time_zone(zone text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  first_at timestamptz;
  last_at timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock(rollup_lock_key());
  UPDATE rollup_state SET time_zone = zone WHERE time_zone <> zone;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  SELECT min(starts_at), max(starts_at) INTO first_at, last_at FROM (
    SELECT min(starts_at) AS starts_at FROM ledger_rollups WHERE level = 0 UNION ALL SELECT max(starts_at) FROM ledger_rollups WHERE level = 0
    UNION ALL SELECT min(starts_at) FROM interaction_rollups WHERE level = 0 UNION ALL SELECT max(starts_at) FROM interaction_rollups WHERE level = 0
    UNION ALL SELECT min(starts_at) FROM acquisition_rollups WHERE level = 0 UNION ALL SELECT max(starts_at) FROM acquisition_rollups WHERE level = 0
    UNION ALL SELECT min(starts_at) FROM job_rollups WHERE level = 0 UNION ALL SELECT max(starts_at) FROM job_rollups WHERE level = 0
    UNION ALL SELECT min(starts_at) FROM http_rollups WHERE level = 0 UNION ALL SELECT max(starts_at) FROM http_rollups WHERE level = 0) AS bounds;
  -- A day more on each side: the days of the zone before may lie there.
  IF first_at IS NOT NULL THEN PERFORM derive_days(zone, (first_at AT TIME ZONE 'UTC')::date - 2, (last_at AT TIME ZONE 'UTC')::date + 2); END IF;
  RETURN true;
END
$$;--> statement-breakpoint
-- Rows of an append-only table go with what they are about, when that is kept no longer, and never otherwise.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('adtrobot.is_retention', true) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;--> statement-breakpoint
-- Drops the months of "interactions" that end before an instant, and notes from when on there are raw rows; tells how many months.
CREATE FUNCTION drop_interactions_before(before_at timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  part record;
  dropped integer := 0;
BEGIN
  FOR part IN
    SELECT c.relname AS name, (to_date(right(c.relname, 7), 'YYYY_MM')::timestamp + interval '1 month') AT TIME ZONE 'UTC' AS ends_at
    FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid WHERE i.inhparent = 'interactions'::regclass ORDER BY c.relname
  LOOP
    CONTINUE WHEN part.ends_at > before_at;
    EXECUTE format('DROP TABLE %I', part.name);
    INSERT INTO raw_horizons AS h (table_name, kept_from) VALUES ('interactions', part.ends_at)
    ON CONFLICT (table_name) DO UPDATE SET kept_from = greatest(h.kept_from, excluded.kept_from);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END
$$;--> statement-breakpoint
-- What was there before the rollups.
INSERT INTO payers (user_id, folded_at) SELECT DISTINCT user_id, now() FROM payments;--> statement-breakpoint
SELECT rebuild_rollups(day) FROM (
  SELECT date_bin('1 day', started_at, '2000-01-01T00:00:00Z'::timestamptz) AS day FROM ai_usage
  UNION SELECT date_bin('1 day', at, '2000-01-01T00:00:00Z'::timestamptz) FROM interactions
  UNION SELECT date_bin('1 day', created_at, '2000-01-01T00:00:00Z'::timestamptz) FROM users
  UNION SELECT date_bin('1 day', paid_at, '2000-01-01T00:00:00Z'::timestamptz) FROM payments
  UNION SELECT date_bin('1 day', refunded_at, '2000-01-01T00:00:00Z'::timestamptz) FROM payments WHERE refunded_at IS NOT NULL
) AS days ORDER BY day;
