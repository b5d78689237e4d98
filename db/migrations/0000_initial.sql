CREATE TABLE "admins" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "admins_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"email" text NOT NULL,
	"password_hash" text NOT NULL,
	"role" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"disabled_at" timestamp with time zone,
	CONSTRAINT "admins_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "login_attempts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "login_attempts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"subject" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"admin_id" bigint NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "setup_codes" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "ai_usage" (
	"request_id" uuid PRIMARY KEY NOT NULL,
	"user_id" bigint,
	"operation" text NOT NULL,
	"plan" text NOT NULL,
	"model" text NOT NULL,
	"response_model" text,
	"provider" text,
	"status" text NOT NULL,
	"prompt_tokens" integer,
	"completion_tokens" integer,
	"cached_prompt_tokens" integer,
	"reasoning_tokens" integer,
	"cost_usd" numeric(20, 12),
	"cost_source" text DEFAULT 'none' NOT NULL,
	"is_byok" boolean,
	"generation_id" text,
	"finish_reason" text,
	"duration_ms" integer,
	"attempt" integer DEFAULT 1 NOT NULL,
	"disposition" text,
	"error_type" text,
	"update_id" bigint,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	CONSTRAINT "ai_usage_generation_id_unique" UNIQUE("generation_id"),
	CONSTRAINT "ai_usage_settled_has_cost" CHECK (status <> 'settled' or (cost_usd is not null and cost_source <> 'none')),
	CONSTRAINT "ai_usage_open_has_no_cost" CHECK (status = 'settled' or cost_usd is null),
	CONSTRAINT "ai_usage_cost_not_negative" CHECK (cost_usd is null or cost_usd >= 0)
);
--> statement-breakpoint
CREATE TABLE "horoscopes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "horoscopes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"sign" text NOT NULL,
	"language" text NOT NULL,
	"date" date NOT NULL,
	"text" text,
	"request_id" uuid,
	"claimed_until" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "horoscopes_sign_language_date_key" UNIQUE("sign","language","date")
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"update_id" bigint PRIMARY KEY NOT NULL,
	"chat_id" bigint NOT NULL,
	"payload" jsonb NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"lease_until" timestamp with time zone,
	"available_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "interactions" (
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "interactions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"update_id" bigint,
	"user_id" bigint NOT NULL,
	"handler" text NOT NULL,
	"operation" text,
	"outcome" text NOT NULL,
	"error_type" text,
	"duration_ms" integer NOT NULL,
	"update_age_ms" integer NOT NULL,
	CONSTRAINT "interactions_at_id_pk" PRIMARY KEY("at","id")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
CREATE TABLE "model_prices" (
	"model" text NOT NULL,
	"valid_from" timestamp with time zone NOT NULL,
	"prompt_usd" numeric(20, 12) NOT NULL,
	"completion_usd" numeric(20, 12) NOT NULL,
	"request_usd" numeric(20, 12) DEFAULT '0' NOT NULL,
	"cached_prompt_usd" numeric(20, 12),
	CONSTRAINT "model_prices_model_valid_from_pk" PRIMARY KEY("model","valid_from")
);
--> statement-breakpoint
CREATE TABLE "natal_charts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "natal_charts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"birth_data_hash" text NOT NULL,
	"language" text NOT NULL,
	"positions" jsonb NOT NULL,
	"text" text,
	"request_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"delivered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "payments" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "payments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"telegram_payment_charge_id" text NOT NULL,
	"user_id" bigint NOT NULL,
	"plan" text NOT NULL,
	"stars" integer NOT NULL,
	"value_usd" numeric(20, 12) NOT NULL,
	"paid_at" timestamp with time zone NOT NULL,
	"period_ends_at" timestamp with time zone NOT NULL,
	"refunded_at" timestamp with time zone,
	CONSTRAINT "payments_telegram_payment_charge_id_unique" UNIQUE("telegram_payment_charge_id")
);
--> statement-breakpoint
CREATE TABLE "schedule_runs" (
	"schedule" text NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone,
	"outcome" text NOT NULL,
	CONSTRAINT "schedule_runs_schedule_due_at_pk" PRIMARY KEY("schedule","due_at")
);
--> statement-breakpoint
CREATE TABLE "tarot_spreads" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "tarot_spreads_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"user_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"date" date NOT NULL,
	"update_id" bigint,
	"question" text,
	"cards" jsonb NOT NULL,
	"language" text NOT NULL,
	"text" text,
	"request_id" uuid,
	"created_at" timestamp with time zone NOT NULL,
	"delivered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "users_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"telegram_user_id" bigint NOT NULL,
	"language" text NOT NULL,
	"zodiac_sign" text,
	"birth_date" date,
	"birth_time" time,
	"is_birth_time_unknown" boolean DEFAULT false NOT NULL,
	"birth_place" text,
	"birth_latitude" double precision,
	"birth_longitude" double precision,
	"birth_time_zone" text,
	"time_zone" text,
	"notification_hour" smallint,
	"premium_until" timestamp with time zone,
	"source" text DEFAULT 'direct' NOT NULL,
	"dialog" jsonb,
	"created_at" timestamp with time zone NOT NULL,
	"last_active_at" timestamp with time zone NOT NULL,
	"blocked_at" timestamp with time zone,
	CONSTRAINT "users_telegram_user_id_unique" UNIQUE("telegram_user_id")
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_admin_id_admins_id_fk" FOREIGN KEY ("admin_id") REFERENCES "public"."admins"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "login_attempts_subject_at_idx" ON "login_attempts" USING btree ("subject","at");--> statement-breakpoint
CREATE INDEX "sessions_expires_at_idx" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "ai_usage_started_at_idx" ON "ai_usage" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "ai_usage_open_idx" ON "ai_usage" USING btree ("status","started_at") WHERE status in ('reserved', 'unknown');--> statement-breakpoint
CREATE INDEX "inbox_pending_idx" ON "inbox" USING btree ("chat_id","update_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "inbox_pending_order_idx" ON "inbox" USING btree ("update_id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "inbox_finished_at_idx" ON "inbox" USING btree ("finished_at") WHERE status <> 'pending';--> statement-breakpoint
CREATE INDEX "interactions_at_user_idx" ON "interactions" USING btree ("at","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "natal_charts_user_hash_key" ON "natal_charts" USING btree ("user_id","birth_data_hash");--> statement-breakpoint
CREATE INDEX "payments_period_idx" ON "payments" USING btree ("period_ends_at","paid_at");--> statement-breakpoint
CREATE INDEX "schedule_runs_due_at_idx" ON "schedule_runs" USING btree ("due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "tarot_spreads_card_of_day_key" ON "tarot_spreads" USING btree ("user_id","date") WHERE kind = 'card_of_day';--> statement-breakpoint
CREATE UNIQUE INDEX "tarot_spreads_update_id_key" ON "tarot_spreads" USING btree ("update_id") WHERE kind = 'three_cards';--> statement-breakpoint
CREATE INDEX "users_created_at_idx" ON "users" USING btree ("created_at");--> statement-breakpoint
-- Makes the monthly partitions (UTC months) of "interactions" that cover from_at to to_at; those that exist stay.
CREATE FUNCTION ensure_interactions_partitions(from_at timestamptz, to_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	month_start timestamp := date_trunc('month', from_at AT TIME ZONE 'UTC');
	month_end timestamp;
BEGIN
	WHILE month_start <= to_at AT TIME ZONE 'UTC' LOOP
		month_end := month_start + interval '1 month';
		EXECUTE format(
			'CREATE TABLE IF NOT EXISTS %I PARTITION OF interactions FOR VALUES FROM (%L) TO (%L)',
			'interactions_' || to_char(month_start, 'YYYY_MM'),
			month_start AT TIME ZONE 'UTC',
			month_end AT TIME ZONE 'UTC'
		);
		month_start := month_end;
	END LOOP;
END;
$$;
