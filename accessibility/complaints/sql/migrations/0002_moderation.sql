-- What moderators did to a barrier and why. The reason is for moderators; the audit log holds a commitment to it.
CREATE TABLE moderation (
    city_id       smallint NOT NULL,
    barrier_id    uuid NOT NULL,
    moderation_id uuid NOT NULL DEFAULT uuidv7(),
    at            timestamptz NOT NULL,
    action        text NOT NULL CHECK (action IN ('confirm', 'refute', 'hide', 'unhide')),
    reason        text CHECK (char_length(reason) <= 500),
    reason_salt   bytea,
    pseudonym     text NOT NULL,
    PRIMARY KEY (city_id, barrier_id, moderation_id),
    FOREIGN KEY (city_id, barrier_id) REFERENCES barrier
);
GRANT SELECT, INSERT ON moderation TO stepfree_app;
