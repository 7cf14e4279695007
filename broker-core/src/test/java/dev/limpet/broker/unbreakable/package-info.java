/**
 * What hostile clients and failing plug-ins cost: at most the sender's connection, with a reason,
 * and nobody else anything ({@link dev.limpet.broker.unbreakable.Bystanders} watch). Where each is
 * tested:
 *
 * <ul>
 *   <li>giant or drip-fed properties, before the size check: {@code ProtocolAbuseTest}, {@code
 *       SlowClientTest.a_connect_that_drips_for_ever_does_not}, {@code MalformedPacketTest}
 *   <li>wrong remaining lengths: {@code MalformedBytesTest}; a first packet that is no CONNECT, a
 *       second CONNECT, packets of servers, reserved bits and flags, packet id 0, a malformed will:
 *       there too, and at the sticky port {@code HostileClientsTest} (cluster)
 *   <li>a QoS 2 id published 100,000 times: {@code ProtocolAbuseTest}
 *   <li>topics of length 0, with U+0000, bad UTF-8, wildcards: {@code MalformedBytesTest}; of
 *       10,000 levels or 65,535 bytes, malformed filters and shares, client ids of every kind:
 *       {@code TopicsAndNamesTest}, {@code HostileClientsTest}, {@code AccessFileTest} (patterns)
 *   <li>a PROXY header absent, doubled, truncated, untrusted: {@code ProxyListenerTest}, {@code
 *       ProxyHeaderFuzzTarget}
 *   <li>a client that never reads, reads or sends byte by byte: {@code SlowClientTest}, {@code
 *       OverloadTest}, {@code RelayStallTest} (lb-frontend), {@code HostileClientsTest}
 *   <li>half-open handshakes: {@code FloodTest}, {@code ConnectSnifferTest} (lb-frontend), {@code
 *       TlsListenerTest}; connect and disconnect floods: {@code FloodTest}, {@code OverloadTest}
 *   <li>random client ids with durable sessions: {@code FloodTest} for those that expire, {@code
 *       LimitsTest} for those that do not
 *   <li>packet ids past 65,535 on a resumed session: {@code ProtocolAbuseTest}, {@code
 *       SendWindowTest}
 *   <li>wall clock jumps: {@code ClockJumpTest}
 *   <li>an exception inside a handler or plug-in, no answer, or none in time: {@code
 *       FailingPortsTest}, {@code PlugInTest}, {@code HomeIndexTest}, {@code RouteUsersTest}
 * </ul>
 */
@NullMarked
package dev.limpet.broker.unbreakable;

import org.jspecify.annotations.NullMarked;
