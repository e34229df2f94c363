-- What this computer shows: the brand in force with its logo, also without a network.
CREATE TABLE shown_brand (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL,
    -- #rrggbb; absent is Counterfoil's own.
    accent TEXT,
    -- SHA-256 of the logo in hexadecimal; absent where there is none.
    logo_hash TEXT,
    -- The picture, once it has come.
    logo BLOB,
    CHECK (logo IS NULL OR logo_hash IS NOT NULL)
);
