-- A channel whose last mailbox has unsubscribed has none: it kept the last one, which got e-mails again when it was resumed.
DO $$
BEGIN
    IF to_regclass('channels') IS NULL THEN
        RETURN;  -- the database is from before channels
    END IF;
    UPDATE channels SET config = '{"to": []}'
    WHERE kind = 'email' AND state = 'disabled' AND reason = 'the last mailbox has unsubscribed';
END
$$;
