package dev.limpet.store;

/**
 * What writes have made of one inbox. Immutable.
 *
 * @param messages it holds now
 * @param bytes it holds now
 * @param moreMessages than before; below 0 for fewer
 * @param moreBytes than before; below 0 for fewer
 */
record InboxChange(String clientId, long messages, long bytes, long moreMessages, long moreBytes) {}
