-- What others deliver: providers, what they offer, and which resellers sell it at which markup.

CREATE TABLE provider (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  name TEXT NOT NULL,
  -- Lower case, for the order, the search and against doubles.
  name_key TEXT NOT NULL,
  contact_name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  -- 'https://…', or empty.
  website TEXT NOT NULL,
  -- ISO 4217, of all its prices and books; never changed.
  currency TEXT NOT NULL,
  -- 'active' or 'suspended'.
  status TEXT NOT NULL,
  notes TEXT NOT NULL,
  -- Counts its changes: an edit of an older one is refused.
  revision BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (operator_id, name_key)
);
CREATE INDEX provider_by_name ON provider (operator_id, name_key, id);

CREATE TABLE offering (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  provider_id UUID NOT NULL REFERENCES provider (id),
  -- The provider's own name for it: an import finds it by this.
  article TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  description TEXT NOT NULL,
  -- In 1e-9 units of the provider's currency.
  base_price BIGINT NOT NULL CHECK (base_price BETWEEN 0 AND 9000000000000000000),
  -- 0 where it does not end.
  term_days BIGINT NOT NULL CHECK (term_days BETWEEN 0 AND 3660),
  -- JSON object of texts: 'quality' → '4K'.
  attributes TEXT NOT NULL,
  -- Units that can still be ordered; none is without limit.
  stock BIGINT CHECK (stock >= 0),
  -- 'active' or 'withdrawn'.
  status TEXT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (provider_id, article)
);
CREATE INDEX offering_by_name ON offering (provider_id, name_key, id);
-- How many a provider sells.
CREATE INDEX offering_of_status ON offering (provider_id, status);
-- The market goes through them by name.
CREATE INDEX offering_on_sale ON offering (operator_id, name_key, id) WHERE status = 'active';

-- The words of names, articles and descriptions, for the search by their beginnings.
CREATE TABLE offering_word (
  operator_id UUID NOT NULL REFERENCES operator (id),
  word TEXT NOT NULL,
  offering_id UUID NOT NULL REFERENCES offering (id),
  PRIMARY KEY (operator_id, word, offering_id)
);
CREATE INDEX offering_word_of ON offering_word (offering_id);

CREATE TABLE relationship (
  id UUID NOT NULL PRIMARY KEY,
  operator_id UUID NOT NULL REFERENCES operator (id),
  reseller_id UUID NOT NULL REFERENCES reseller (id),
  provider_id UUID NOT NULL REFERENCES provider (id),
  -- Percent.
  markup BIGINT NOT NULL DEFAULT 10 CHECK (markup BETWEEN 0 AND 50),
  -- 'active', 'suspended' or 'inactive'.
  status TEXT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  UNIQUE (reseller_id, provider_id)
);
CREATE INDEX relationship_of_provider ON relationship (provider_id, status, id);
