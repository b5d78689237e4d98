/**
 * Whoever makes partitions takes this lock in the same statement. `if not exists` alone does not help two that make the
 * same partition at once: the second fails. Any constant will do; all of this program must use the same.
 */
export const PARTITIONS_LOCK_KEY = 7_238_441_003;
