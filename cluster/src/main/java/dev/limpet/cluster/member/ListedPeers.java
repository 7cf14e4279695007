package dev.limpet.cluster.member;

import com.hazelcast.cluster.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/** Converts the addresses of {@link MemberOptions#join} to Hazelcast's form. Stateless. */
final class ListedPeers {

  private ListedPeers() {}

  /**
   * Each once. One without a port is left out, and one whose name is unknown (yet), as Hazelcast
   * does with it. Looks names up, which blocks.
   */
  static List<Address> addresses(List<String> join) {
    return join.stream()
        .filter(text -> text.matches(".+:\\d{1,5}"))
        .flatMap(ListedPeers::address)
        .distinct()
        .toList();
  }

  private static Stream<Address> address(String text) {
    int colon = text.lastIndexOf(':');
    try {
      InetAddress host = InetAddress.getByName(text.substring(0, colon));
      return Stream.of(new Address(host, Integer.parseInt(text.substring(colon + 1))));
    } catch (UnknownHostException e) {
      return Stream.empty();
    }
  }
}
