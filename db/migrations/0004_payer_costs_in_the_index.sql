-- What paying users cost is read by range, thousands of rows at a time: from the index alone instead of one row of the table after the other.
ALTER TABLE payer_costs DROP CONSTRAINT payer_costs_level_starts_at_user_id_pk;--> statement-breakpoint
ALTER TABLE payer_costs ADD CONSTRAINT payer_costs_level_starts_at_user_id_pk PRIMARY KEY (level, starts_at, user_id) INCLUDE (cost_usd);
