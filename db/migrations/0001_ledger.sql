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
