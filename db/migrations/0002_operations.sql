CREATE TABLE "alert_deliveries" (
	"alert_id" uuid NOT NULL,
	"channel" text NOT NULL,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone NOT NULL,
	"delivered_at" timestamp with time zone,
	"last_error" text,
	CONSTRAINT "alert_deliveries_alert_id_channel_pk" PRIMARY KEY("alert_id","channel")
);
--> statement-breakpoint
CREATE TABLE "alert_incidents" (
	"alert_id" uuid NOT NULL,
	"incident_id" bigint NOT NULL,
	CONSTRAINT "alert_incidents_alert_id_incident_id_pk" PRIMARY KEY("alert_id","incident_id")
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"down_alert_id" uuid,
	"checks" text[] NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "health_samples" (
	"check_name" text NOT NULL,
	"resolution" text NOT NULL,
	"bucket_at" timestamp with time zone NOT NULL,
	"healthy_ms" bigint NOT NULL,
	"unhealthy_ms" bigint NOT NULL,
	"disabled_ms" bigint NOT NULL,
	"sample_count" integer NOT NULL,
	"latency_sum_ms" bigint NOT NULL,
	"latency_max_ms" integer NOT NULL,
	CONSTRAINT "health_samples_check_name_resolution_bucket_at_pk" PRIMARY KEY("check_name","resolution","bucket_at")
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "incidents_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"check_name" text NOT NULL,
	"process_id" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"opened_at" timestamp with time zone NOT NULL,
	"recovered_at" timestamp with time zone,
	"code" text NOT NULL,
	"detail" text,
	"acknowledged_at" timestamp with time zone,
	"acknowledged_by" bigint,
	"note" text,
	"maintenance_window_id" bigint,
	CONSTRAINT "incidents_end_after_start" CHECK (recovered_at is null or recovered_at >= started_at)
);
--> statement-breakpoint
CREATE TABLE "maintenance_windows" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "maintenance_windows_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"checks" text[] NOT NULL,
	"reason" text NOT NULL,
	"created_by" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "maintenance_windows_end_after_start" CHECK (ends_at > starts_at)
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint NOT NULL,
	"plan" text NOT NULL,
	"stars" integer NOT NULL,
	"sent_at" timestamp with time zone NOT NULL,
	"checked_at" timestamp with time zone,
	"paid_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "processes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"started_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"version" text NOT NULL,
	"health_batch" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE "ai_cost_corrections" ADD COLUMN "process_id" integer;--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "process_id" integer;--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "resolved_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "resolved_by_process_id" integer;--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "resolved_prompt_tokens" integer;--> statement-breakpoint
ALTER TABLE "ai_usage" ADD COLUMN "resolved_completion_tokens" integer;--> statement-breakpoint
ALTER TABLE "interactions" ADD COLUMN "process_id" integer;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "invoice_id" uuid;--> statement-breakpoint
ALTER TABLE "payments" ADD COLUMN "process_id" integer;--> statement-breakpoint
ALTER TABLE "alert_deliveries" ADD CONSTRAINT "alert_deliveries_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_incidents" ADD CONSTRAINT "alert_incidents_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_deliveries_owed_idx" ON "alert_deliveries" USING btree ("channel","next_attempt_at") WHERE delivered_at is null;--> statement-breakpoint
CREATE INDEX "alert_incidents_incident_idx" ON "alert_incidents" USING btree ("incident_id");--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_open_idx" ON "incidents" USING btree ("check_name") WHERE recovered_at is null;--> statement-breakpoint
CREATE INDEX "inbox_failed_idx" ON "inbox" USING btree ("update_id") WHERE status = 'failed';--> statement-breakpoint
CREATE INDEX "incidents_started_at_idx" ON "incidents" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "maintenance_windows_ends_at_idx" ON "maintenance_windows" USING btree ("ends_at");--> statement-breakpoint
CREATE INDEX "invoices_sent_at_idx" ON "invoices" USING btree ("sent_at");--> statement-breakpoint
CREATE INDEX "payments_user_id_idx" ON "payments" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "ai_cost_corrections_at_idx" ON "ai_cost_corrections" USING btree ("at");--> statement-breakpoint
CREATE INDEX "ai_usage_resolved_at_idx" ON "ai_usage" USING btree ("resolved_at") WHERE resolved_at is not null;--> statement-breakpoint
CREATE INDEX "payments_process_id_idx" ON "payments" USING btree ("process_id");--> statement-breakpoint
CREATE OR REPLACE FUNCTION reserve_generations(keys jsonb, attempts jsonb, known_budgets jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  is_clear boolean;
BEGIN
  INSERT INTO ai_usage (request_id, ask_id, attempt, update_id, operation, plan, user_id, started_at, model, status, reserved_usd, lease_until, process_id)
  SELECT request_id, ask_id, attempt, update_id, operation, plan, user_id, started_at, model, 'reserved', reserved_usd, lease_until, process_id
  FROM jsonb_to_recordset(attempts) AS r(
    request_id uuid, ask_id uuid, attempt int, update_id bigint, operation text, plan text, user_id bigint, started_at timestamptz, model text,
    reserved_usd numeric(20, 12), lease_until timestamptz, process_id int);
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
