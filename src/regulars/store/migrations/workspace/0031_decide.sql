-- What is decided for a customer and not carried out yet: home and the customer's page ask for it, also while a campaign
-- to a million is being launched.
create index decide_intent_open on decide_intent (customer_id) where taken_at is null;
