package dev.limpet.cluster.member;

import com.hazelcast.cluster.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** The addresses of {@link MemberOptions#join} as Hazelcast knows them. Stateless. */
final class ListedPeers {

  private ListedPeers() {}

  /**
   * Each once; one without a port is left out. Looks names up, which blocks.
   *
   * @throws UnknownHostException when a name has no address
   */
  static List<Address> addresses(List<String> join) throws UnknownHostException {
    LinkedHashSet<Address> addresses = new LinkedHashSet<>();
    for (String text : join) {
      if (text.matches(".+:\\d{1,5}")) {
        int colon = text.lastIndexOf(':');
        addresses.add(
            new Address(
                InetAddress.getByName(text.substring(0, colon)),
                Integer.parseInt(text.substring(colon + 1))));
      }
    }
    return new ArrayList<>(addresses);
  }
}
