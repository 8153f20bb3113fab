-- What events counted, and said of products, whose words were let go of since: a replay begins with it.
create table remember_did_gone (like remember_did including all);
create table remember_product_gone (like remember_product including defaults, primary key (id));
