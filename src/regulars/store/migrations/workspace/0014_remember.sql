-- What somebody had forgotten is asked for by whose it is, at every batch: by name alone that is the whole table.
create index remember_forgotten_identity on remember_forgotten (identity_id, seq);
