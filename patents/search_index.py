"""How bulk writers treat the search index of rights: their words wait beside it and are merged into it once.

Word by word a hundred thousand rights take ten times as long. What waits is found all the same, but slowly: merge soon.
Every other connection merges as soon as `gin_pending_list_limit` of the settings is reached.
"""

# Within a transaction, before rights are written.
WAITING = "SET LOCAL gin_pending_list_limit = '512MB'; SET LOCAL maintenance_work_mem = '128MB'"
MERGE = "SELECT gin_clean_pending_list('right_search_idx')"
