-- What a reseller looks like, where it has a brand of its own. An older Central shows the operator's.

CREATE TABLE reseller_brand (
  reseller_id BLOB NOT NULL PRIMARY KEY REFERENCES reseller (id),
  -- Empty: the reseller's company.
  panel_name TEXT NOT NULL DEFAULT '',
  -- #rrggbb; empty: Counterfoil's own.
  accent TEXT NOT NULL DEFAULT '',
  -- SHA-256 of the logo in hexadecimal; empty: there is none.
  logo_hash TEXT NOT NULL DEFAULT '',
  logo BLOB,
  -- Counts the edits; 0 before the first.
  revision BIGINT NOT NULL DEFAULT 0,
  CHECK ((logo IS NULL) = (logo_hash = ''))
);
-- A logo is asked for by what it is.
CREATE INDEX reseller_brand_by_logo ON reseller_brand (logo_hash);
