-- name: find
-- Answers to the questions $2 in language $1 that were received after $3.
SELECT question, answers FROM geocoder_answers
WHERE language = $1 AND question = ANY ($2::text[]) AND received_at > $3;

-- name: put
-- Keep an answer, or replace an older one.
INSERT INTO geocoder_answers (language, question, answers, received_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (language, question) DO UPDATE SET answers = excluded.answers, received_at = excluded.received_at;

-- name: expire
-- Delete answers that were received before $1, and of the others all but the newest $2.
DELETE FROM geocoder_answers WHERE received_at < greatest(
    $1::timestamptz,
    (SELECT received_at FROM geocoder_answers ORDER BY received_at DESC OFFSET $2::bigint - 1 LIMIT 1)
);
