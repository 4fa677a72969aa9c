"""The search vector is made by the database from the row itself: whoever writes a right fills it, and nobody can forget.

Character pairs for Chinese (the last character of a run alone, so that one character is found by its beginning), words
for Latin and Greek and Cyrillic script, numbers without marks, with and without their country.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.expressions
from django.db import migrations, models

MAKE = r"""
CREATE FUNCTION patents_search_vector(
    title text, title_en text, abstract text, goods text, agent text, owners text[], inventors text[],
    application_number text, publication_number text, registration_number text, international_number text,
    priority_number text
) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    plain text := lower(normalize(concat_ws(chr(10), title, title_en, abstract, goods, agent,
        array_to_string(owners, chr(10)), array_to_string(inventors, chr(10))), NFKC));
    signs text[] := string_to_array(plain, NULL);
    numbers text := lower(regexp_replace(normalize(concat_ws(chr(10), application_number, publication_number,
        registration_number, international_number, priority_number), NFKC), '[^[:alnum:]\n]', '', 'g'));
    pairs text[];
    words text[];
    codes text[];
BEGIN
    SELECT array_agg(CASE WHEN following COLLATE "C" >= 'ぁ' THEN sign || following ELSE sign END) INTO pairs
    FROM unnest(signs, signs[2:]) AS pair(sign, following) WHERE sign COLLATE "C" >= 'ぁ';
    words := string_to_array(regexp_replace(plain, '[^a-z0-9\u00df-\u052f]+', ' ', 'g'), ' ');
    codes := string_to_array(numbers, chr(10))
        || string_to_array(regexp_replace(numbers, '^[a-z]{2}(?=[0-9])', '', 'gn'), chr(10));
    RETURN array_to_tsvector(array_remove(pairs || words || codes, ''));
END $$
"""
DROP = """
DROP FUNCTION patents_search_vector(text, text, text, text, text, text[], text[], text, text, text, text, text)
"""
READ = (
    "title", "title_en", "abstract", "goods", "agent", "owners", "inventors", "application_number",
    "publication_number", "registration_number", "international_number", "priority_number",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("patents", "0002_money_counter_entries")]

    operations = [
        migrations.RemoveIndex("right", "right_search_idx"),
        migrations.RemoveField("right", "search"),
        migrations.RunSQL(MAKE, DROP),
        migrations.AddField(
            "right",
            "search",
            models.GeneratedField(
                db_persist=True,
                expression=django.db.models.expressions.Func(*READ, function="patents_search_vector"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "right",
            django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["search"], name="right_search_idx"),
        ),
    ]
