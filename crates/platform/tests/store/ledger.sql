CREATE TABLE ledger_account (
    city_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    number BIGINT NOT NULL,
    balance BIGINT NOT NULL,
    version BIGINT NOT NULL,
    head_hash {bytes} NOT NULL,
    PRIMARY KEY (city_id, id)
);

CREATE UNIQUE INDEX ledger_account_name ON ledger_account (city_id, name);

CREATE TABLE ledger_line (
    city_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    note TEXT,
    PRIMARY KEY (city_id, id)
);
