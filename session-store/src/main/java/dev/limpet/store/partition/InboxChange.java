package dev.limpet.store.partition;

/**
 * What writes have made of one session. Immutable.
 *
 * @param moreMessages in its inbox than before; below 0 for fewer
 * @param moreBytes than before of all of it; below 0 for fewer
 */
public record InboxChange(long moreMessages, long moreBytes) {}
