package dev.limpet.cluster.member;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.MemberAttributeConfig;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Holds what a node announces to the others: its member attributes. Immutable.
 *
 * @param peer where it accepts peer links
 * @param relay where it accepts clients relayed by frontends
 * @param http {@code host:port} of its HTTP interface; empty for none
 * @param sticky {@code scheme://host:port/path} of the listeners that steer clients home
 * @param direct the same of the direct listeners
 * @param witness whether it only votes, and holds no data
 */
public record MemberInfo(
    NodeId id,
    SocketAddress peer,
    SocketAddress relay,
    String http,
    List<String> sticky,
    List<String> direct,
    boolean witness) {

  /** Stands in no URI. */
  private static final String SEPARATOR = " ";

  /** Scheme, host, and the rest. */
  private static final Pattern ADDRESS = Pattern.compile("(\\w+://)?(.*?)(:\\d+(/.*)?)");

  static final String NAME = "limpet.name";
  private static final String INCARNATION = "limpet.incarnation";
  private static final String PEER = "limpet.peer";
  private static final String RELAY = "limpet.relay";
  private static final String HTTP = "limpet.http";
  private static final String STICKY = "limpet.sticky";
  private static final String DIRECT = "limpet.direct";
  private static final String WITNESS = "limpet.witness";

  public MemberInfo {
    sticky = List.copyOf(sticky);
    direct = List.copyOf(direct);
  }

  /** Reads the attributes of a member; empty when it is no node of ours. */
  static Optional<MemberInfo> of(Member member) {
    String name = member.getAttribute(NAME);
    String incarnation = member.getAttribute(INCARNATION);
    if (name == null || incarnation == null) {
      return Optional.empty();
    }
    String host = member.getAddress().getHost();
    return Optional.of(
        new MemberInfo(
            new NodeId(name, Long.parseUnsignedLong(incarnation, 16)),
            address(member.getAttribute(PEER), host),
            address(member.getAttribute(RELAY), host),
            reachable(member.getAttribute(HTTP), host),
            list(member.getAttribute(STICKY), host),
            list(member.getAttribute(DIRECT), host),
            Boolean.parseBoolean(member.getAttribute(WITNESS))));
  }

  /** The attributes, to be put into the configuration before the member starts. */
  MemberAttributeConfig attributes() {
    MemberAttributeConfig attributes = new MemberAttributeConfig();
    attributes.setAttribute(NAME, id.name());
    attributes.setAttribute(INCARNATION, Long.toHexString(id.incarnation()));
    attributes.setAttribute(PEER, text(peer));
    attributes.setAttribute(RELAY, text(relay));
    attributes.setAttribute(HTTP, http);
    attributes.setAttribute(STICKY, String.join(SEPARATOR, sticky));
    attributes.setAttribute(DIRECT, String.join(SEPARATOR, direct));
    attributes.setAttribute(WITNESS, Boolean.toString(witness));
    return attributes;
  }

  /** {@code host:port} of an address. */
  public static String text(SocketAddress address) {
    return address.host() + ":" + address.port();
  }

  private static SocketAddress address(String text, String memberHost) {
    String reachable = reachable(text, memberHost);
    int colon = reachable.lastIndexOf(':');
    int port = Integer.parseInt(reachable.substring(colon + 1));
    return SocketAddress.inetSocketAddress(port, reachable.substring(0, colon));
  }

  private static List<String> list(String text, String memberHost) {
    return text.isEmpty()
        ? List.of()
        : List.of(text.split(SEPARATOR)).stream()
            .map(each -> reachable(each, memberHost))
            .collect(Collectors.toList());
  }

  /** A node bound to every address is reached where Hazelcast reaches it. */
  private static String reachable(String text, String memberHost) {
    Matcher address = ADDRESS.matcher(text);
    if (!address.matches() || !address.group(2).matches("0\\.0\\.0\\.0|::|\\[::]")) {
      return text;
    }
    String scheme = address.group(1) == null ? "" : address.group(1);
    return scheme + memberHost + address.group(3);
  }
}
