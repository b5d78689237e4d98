CREATE TABLE "ai_cost_corrections" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ai_cost_corrections_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"request_id" uuid NOT NULL,
	"old_cost_usd" numeric(20, 12) NOT NULL,
	"new_cost_usd" numeric(20, 12) NOT NULL,
	"old_source" text NOT NULL,
	"new_source" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "ai_cost_corrections_not_negative" CHECK (old_cost_usd >= 0 and new_cost_usd >= 0)
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"admin_id" bigint NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "budget_deltas" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "budget_deltas_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"budget_id" bigint NOT NULL,
	"period_date" date NOT NULL,
	"user_id" bigint DEFAULT 0 NOT NULL,
	"amount_usd" numeric(20, 12) NOT NULL
);
--> statement-breakpoint
CREATE TABLE "budget_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "budget_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"budget_id" bigint NOT NULL,
	"period_date" date NOT NULL,
	"user_id" bigint DEFAULT 0 NOT NULL,
	"percent" integer NOT NULL,
	"action" text NOT NULL,
	"limit_usd" numeric(20, 12) NOT NULL,
	"committed_usd" numeric(20, 12) NOT NULL,
	"fired_at" timestamp with time zone NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by" bigint,
	"affected_count" integer DEFAULT 0 NOT NULL,
	"saved_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	"notified_at" timestamp with time zone,
	CONSTRAINT "budget_events_once_key" UNIQUE("budget_id","period_date","user_id","percent","action")
);
--> statement-breakpoint
CREATE TABLE "budget_periods" (
	"budget_id" bigint NOT NULL,
	"period_date" date NOT NULL,
	"user_id" bigint DEFAULT 0 NOT NULL,
	"committed_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	CONSTRAINT "budget_periods_budget_id_period_date_user_id_pk" PRIMARY KEY("budget_id","period_date","user_id")
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "budgets_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"period" text NOT NULL,
	"scope" text NOT NULL,
	"scope_value" text,
	"limit_usd" numeric(20, 12) NOT NULL,
	"steps" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "budgets_limit_positive" CHECK (limit_usd > 0),
	CONSTRAINT "budgets_scope_value" CHECK ((scope in ('all', 'user')) = (scope_value is null))
);
--> statement-breakpoint
CREATE TABLE "drift_activity" (
	"date" date NOT NULL,
	"model" text NOT NULL,
	"ledger_usd" numeric(20, 12) NOT NULL,
	"provider_usd" numeric(20, 12) NOT NULL,
	"ledger_count" bigint NOT NULL,
	"provider_count" bigint NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "drift_activity_date_model_pk" PRIMARY KEY("date","model")
);
--> statement-breakpoint
CREATE TABLE "drift_checks" (
	"checked_at" timestamp with time zone NOT NULL,
	"period" text NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ledger_usd" numeric(20, 12) NOT NULL,
	"provider_usd" numeric(20, 12) NOT NULL,
	"reserved_count" integer NOT NULL,
	"unknown_count" integer NOT NULL,
	"estimated_count" integer NOT NULL,
	CONSTRAINT "drift_checks_checked_at_period_pk" PRIMARY KEY("checked_at","period")
);
--> statement-breakpoint
DROP INDEX "ai_usage_open_idx";--> statement-breakpoint
DROP INDEX "interactions_at_user_idx";--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "ask_id" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "reserved_usd" numeric(20, 12);--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "time_to_first_token_ms" integer;--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "lease_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "next_lookup_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "lookup_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "imported_from" text;--> statement-breakpoint
ALTER TABLE "interactions" ADD COLUMN "reading_source" text;--> statement-breakpoint
ALTER TABLE "ai_cost_corrections" ADD CONSTRAINT "ai_cost_corrections_request_id_ai_usage_request_id_fk" FOREIGN KEY ("request_id") REFERENCES "public"."ai_usage"("request_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budget_events" ADD CONSTRAINT "budget_events_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budget_periods" ADD CONSTRAINT "budget_periods_budget_id_budgets_id_fk" FOREIGN KEY ("budget_id") REFERENCES "public"."budgets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "ai_cost_corrections_request_id_idx" ON "ai_cost_corrections" USING btree ("request_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_subject_idx" ON "audit_log" USING btree ("subject","id");--> statement-breakpoint
CREATE INDEX "budget_deltas_period_idx" ON "budget_deltas" USING btree ("budget_id","period_date","user_id");--> statement-breakpoint
CREATE INDEX "budget_events_fired_at_idx" ON "budget_events" USING btree ("fired_at");--> statement-breakpoint
CREATE INDEX "budget_events_owed_idx" ON "budget_events" USING btree ("fired_at") WHERE notified_at is null;--> statement-breakpoint
CREATE INDEX "ai_usage_next_lookup_at_idx" ON "ai_usage" USING btree ("next_lookup_at") WHERE next_lookup_at is not null;--> statement-breakpoint
CREATE INDEX "ai_usage_ask_id_idx" ON "ai_usage" USING btree ("ask_id");--> statement-breakpoint
CREATE INDEX "ai_usage_user_started_at_idx" ON "ai_usage" USING btree ("user_id","started_at");--> statement-breakpoint
CREATE INDEX "tarot_spreads_card_text_idx" ON "tarot_spreads" USING btree ("cards","language","created_at") WHERE kind = 'card_of_day' and text is not null;--> statement-breakpoint
CREATE INDEX "ai_usage_open_idx" ON "ai_usage" USING btree ("status","started_at") WHERE status in ('reserved', 'unknown') and imported_from is null;--> statement-breakpoint
CREATE INDEX "interactions_at_user_idx" ON "interactions" USING btree ("at","user_id") WHERE handler <> 'chat_member';--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;--> statement-breakpoint
CREATE TRIGGER ai_cost_corrections_append_only BEFORE UPDATE OR DELETE ON "ai_cost_corrections" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON "audit_log" FOR EACH ROW EXECUTE FUNCTION refuse_change();--> statement-breakpoint
CREATE FUNCTION require_cost_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status <> 'settled' OR NOT EXISTS (
    SELECT FROM ai_cost_corrections c
    WHERE c.request_id = OLD.request_id
      AND c.old_cost_usd = OLD.cost_usd AND c.new_cost_usd = NEW.cost_usd
      AND c.old_source = OLD.cost_source AND c.new_source = NEW.cost_source
  ) THEN
    RAISE EXCEPTION 'the cost of a settled row changes by a correction only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;--> statement-breakpoint
CREATE TRIGGER ai_usage_cost_correction BEFORE UPDATE ON "ai_usage" FOR EACH ROW
  WHEN (OLD.status = 'settled' AND (NEW.status, NEW.cost_usd, NEW.cost_source) IS DISTINCT FROM (OLD.status, OLD.cost_usd, OLD.cost_source))
  EXECUTE FUNCTION require_cost_correction();--> statement-breakpoint
CREATE FUNCTION require_fast_path(is_clear boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF is_clear IS NOT TRUE THEN
    RAISE EXCEPTION 'a step may be reached or the budgets have changed' USING ERRCODE = 'AB001';
  END IF;
  RETURN true;
END
$$;
--> statement-breakpoint
CREATE FUNCTION append_budget_deltas(
  spent_operation text, spent_model text, spent_plan text, spent_user_id bigint, amount_usd numeric, day_date date, week_date date, month_date date
) RETURNS void LANGUAGE sql AS $$
  INSERT INTO budget_deltas (budget_id, period_date, user_id, amount_usd)
  SELECT id, CASE period WHEN 'day' THEN day_date WHEN 'week' THEN week_date ELSE month_date END,
    CASE scope WHEN 'user' THEN spent_user_id ELSE 0 END, amount_usd
  FROM budgets
  WHERE amount_usd <> 0 AND archived_at IS NULL AND CASE scope
    WHEN 'all' THEN true
    WHEN 'user' THEN spent_user_id IS NOT NULL
    WHEN 'operation' THEN scope_value = spent_operation
    WHEN 'model' THEN scope_value = spent_model
    ELSE scope_value = spent_plan END
$$;--> statement-breakpoint
CREATE FUNCTION settle_generation(entry jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  e record;
  moved record;
BEGIN
  SELECT * INTO e FROM jsonb_to_record(entry) AS x(
    request_id uuid, status text, cost_usd numeric(20, 12), cost_source text, error_type text, disposition text, response_model text, provider text,
    finish_reason text, generation_id text, duration_ms int, time_to_first_token_ms int, is_byok boolean, prompt_tokens int, completion_tokens int,
    cached_prompt_tokens int, reasoning_tokens int, finished_at timestamptz, next_lookup_at timestamptz, day_date date, week_date date, month_date date);
  UPDATE ai_usage u SET
    status = e.status, cost_usd = e.cost_usd, cost_source = e.cost_source, error_type = e.error_type, disposition = e.disposition,
    response_model = e.response_model, provider = e.provider, finish_reason = e.finish_reason,
    -- What was noted when the headers came is not forgotten.
    generation_id = coalesce(e.generation_id, u.generation_id),
    duration_ms = e.duration_ms, time_to_first_token_ms = e.time_to_first_token_ms, is_byok = e.is_byok,
    prompt_tokens = e.prompt_tokens, completion_tokens = e.completion_tokens,
    cached_prompt_tokens = e.cached_prompt_tokens, reasoning_tokens = e.reasoning_tokens,
    finished_at = e.finished_at, lease_until = NULL, next_lookup_at = e.next_lookup_at
  WHERE u.request_id = e.request_id AND (u.status = 'reserved' OR (u.status = 'unknown' AND u.error_type = 'interrupted'))
  RETURNING u.operation, u.model, u.plan, u.user_id,
    -- What is unknown may have cost all that was reserved, and counts so until it is known.
    CASE u.status WHEN 'unknown' THEN 0 ELSE coalesce(u.cost_usd, 0) - coalesce(u.reserved_usd, 0) END AS amount_usd
  INTO moved;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  PERFORM append_budget_deltas(moved.operation, moved.model, moved.plan, moved.user_id, moved.amount_usd, e.day_date, e.week_date, e.month_date);
  RETURN true;
END
$$;--> statement-breakpoint
CREATE FUNCTION reserve_generations(keys jsonb, attempts jsonb, known_budgets jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  is_clear boolean;
BEGIN
  INSERT INTO ai_usage (request_id, ask_id, attempt, update_id, operation, plan, user_id, started_at, model, status, reserved_usd, lease_until)
  SELECT request_id, ask_id, attempt, update_id, operation, plan, user_id, started_at, model, 'reserved', reserved_usd, lease_until
  FROM jsonb_to_recordset(attempts) AS r(
    request_id uuid, ask_id uuid, attempt int, update_id bigint, operation text, plan text, user_id bigint, started_at timestamptz, model text,
    reserved_usd numeric(20, 12), lease_until timestamptz);
  -- Under the ledger's lock now: a budget that was made since the caller read them is seen.
  PERFORM require_fast_path(
    (SELECT coalesce(string_agg(id || ' ' || updated_at, ',' ORDER BY id), '') FROM budgets WHERE archived_at IS NULL) =
    (SELECT coalesce(string_agg(id || ' ' || updated_at, ',' ORDER BY id), '') FROM jsonb_to_recordset(known_budgets) AS known(id bigint, updated_at timestamptz)));
  WITH key AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(keys) AS k(budget_id bigint, period_date date, user_id bigint, bound_usd numeric, ceiling_usd numeric)
  ), folded AS (
    DELETE FROM budget_deltas WHERE id IN (
      SELECT d.id FROM budget_deltas d JOIN key USING (budget_id, period_date, user_id) FOR UPDATE OF d SKIP LOCKED)
    RETURNING budget_id, period_date, user_id, amount_usd
  ), moved AS (
    SELECT budget_id, period_date, user_id, bound_usd + coalesce(sum(amount_usd), 0) AS amount_usd
    FROM key LEFT JOIN folded USING (budget_id, period_date, user_id) GROUP BY budget_id, period_date, user_id, bound_usd
  ), account AS (
    INSERT INTO budget_periods AS p (budget_id, period_date, user_id, committed_usd)
    SELECT * FROM moved ORDER BY 1, 2, 3
    ON CONFLICT (budget_id, period_date, user_id) DO UPDATE SET committed_usd = p.committed_usd + excluded.committed_usd
    RETURNING budget_id, period_date, user_id, committed_usd
  )
  SELECT require_fast_path(coalesce(bool_and(account.committed_usd < key.ceiling_usd), true)) INTO is_clear
  FROM account JOIN key USING (budget_id, period_date, user_id);
END
$$;
