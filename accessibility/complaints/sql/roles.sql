-- Roles and schema, before any migration; run at every migration, changes nothing when they are there.
-- stepfree_owner owns the tables, stepfree_app is what the server acts as, stepfree_contact alone reads contact data.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['stepfree_owner', 'stepfree_app', 'stepfree_contact'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- roles belong to the cluster: another database of it made them
        END;
    END LOOP;
    IF NOT pg_has_role(current_user, 'stepfree_owner', 'SET') THEN
        EXECUTE format('GRANT stepfree_owner TO %I', current_user);
    END IF;
    IF NOT pg_has_role(current_user, 'stepfree_app', 'SET') THEN
        EXECUTE format('GRANT stepfree_app TO %I', current_user);
    END IF;
    IF to_regnamespace('stepfree') IS NULL THEN
        CREATE SCHEMA stepfree AUTHORIZATION stepfree_owner;
    END IF;
END
$$;
