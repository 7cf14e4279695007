package dev.limpet.broker.connection;

import dev.limpet.broker.connection.codec.PacketLimits;
import dev.limpet.broker.session.SessionLimits;

/**
 * Bounds of one connection. Immutable.
 *
 * @param packetBytesMax largest packet a client may send, default 1 MiB; up to 268,435,460
 * @param connectTimeoutMillis time from accept to a whole CONNECT, default 10,000: what a slow line
 *     needs, not what an attacker wants. Also the time a plug-in has to answer one question, and
 *     the time a client may take nothing while room in the sockets is short
 * @param topicAliasMaximum topic aliases a v5 client may use, 0 to 65,535, default 32
 * @param writeBufferBytesMax bytes that wait for the socket before deliveries queue in the session,
 *     default 1 MiB: keeps a fast reader busy
 * @param session bounds of the session behind it
 * @param packets bounds of what stands in a packet
 * @param protocol what it makes of the choices MQTT leaves to servers
 * @param takeoverPauseMillisMax longest time a CONNECT waits when its client id is taken from one
 *     client by another again and again, default 10,000, which most clients still wait; 0 for none.
 *     Never longer than connectTimeoutMillis
 * @param lastWordsMillisMax how long whoever evicts a connection waits for what its client has
 *     sent, default 1,000: long against a stalled loop of a frontend, short against what a CONNECT
 *     may take anyway
 */
public record ConnectionOptions(
    int packetBytesMax,
    int connectTimeoutMillis,
    int topicAliasMaximum,
    int writeBufferBytesMax,
    SessionLimits session,
    PacketLimits packets,
    ProtocolOptions protocol,
    int takeoverPauseMillisMax,
    int lastWordsMillisMax) {

  private static final int TAKEOVER_PAUSE_MILLIS_MAX = 10_000;
  private static final int LAST_WORDS_MILLIS_MAX = 1_000;

  public static final ConnectionOptions DEFAULTS =
      new ConnectionOptions(1 << 20, 10_000, 32, 1 << 20, SessionLimits.DEFAULTS);

  /** Bounds, with the usual choices. */
  public ConnectionOptions(
      int packetBytesMax,
      int connectTimeoutMillis,
      int topicAliasMaximum,
      int writeBufferBytesMax,
      SessionLimits session) {
    this(
        packetBytesMax,
        connectTimeoutMillis,
        topicAliasMaximum,
        writeBufferBytesMax,
        session,
        PacketLimits.DEFAULTS,
        ProtocolOptions.DEFAULTS,
        TAKEOVER_PAUSE_MILLIS_MAX,
        LAST_WORDS_MILLIS_MAX);
  }

  /** The same with another bound of pauses. */
  public ConnectionOptions withTakeoverPauseMillisMax(int millis) {
    return new ConnectionOptions(
        packetBytesMax,
        connectTimeoutMillis,
        topicAliasMaximum,
        writeBufferBytesMax,
        session,
        packets,
        protocol,
        millis,
        lastWordsMillisMax);
  }

  /** The same with another bound of what evictions wait for. */
  public ConnectionOptions withLastWordsMillisMax(int millis) {
    return new ConnectionOptions(
        packetBytesMax,
        connectTimeoutMillis,
        topicAliasMaximum,
        writeBufferBytesMax,
        session,
        packets,
        protocol,
        takeoverPauseMillisMax,
        millis);
  }

  /** The same with other bounds of packets. */
  public ConnectionOptions withPackets(PacketLimits newPackets) {
    return new ConnectionOptions(
        packetBytesMax,
        connectTimeoutMillis,
        topicAliasMaximum,
        writeBufferBytesMax,
        session,
        newPackets,
        protocol,
        takeoverPauseMillisMax,
        lastWordsMillisMax);
  }

  /** The same with other choices. */
  public ConnectionOptions withProtocol(ProtocolOptions newProtocol) {
    return new ConnectionOptions(
        packetBytesMax,
        connectTimeoutMillis,
        topicAliasMaximum,
        writeBufferBytesMax,
        session,
        packets,
        newProtocol,
        takeoverPauseMillisMax,
        lastWordsMillisMax);
  }
}
