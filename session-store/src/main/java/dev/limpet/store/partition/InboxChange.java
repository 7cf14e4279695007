package dev.limpet.store.partition;

/**
 * Describes the effect of writes on one session. Immutable.
 *
 * @param moreMessages in its inbox than before; below 0 for fewer
 * @param moreBytes than before of all of it; below 0 for fewer
 */
public record InboxChange(long moreMessages, long moreBytes) {}
