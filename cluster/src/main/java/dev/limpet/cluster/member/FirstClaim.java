package dev.limpet.cluster.member;

import com.hazelcast.cluster.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.Optional;

/**
 * Decides how long a node asks the others for a master before it claims to be it. Hazelcast lets
 * one node claim, the one whose address has the lowest hash, once its time of asking is over, and
 * all that answer have to agree. When all start together none has a master, so that node asks for
 * the shortest time possible. The others ask longer: if their time ends while a slow master admits
 * them, they start over. Stateless.
 */
final class FirstClaim {

  /** The shortest there is. */
  static final int FIRST_SECONDS = 1;

  static final int OTHER_SECONDS = 3;

  private FirstClaim() {}

  /** Whole seconds. Looks names up, which blocks. */
  static int askSeconds(MemberOptions options) {
    try {
      return isFirst(options) ? FIRST_SECONDS : OTHER_SECONDS;
    } catch (IOException e) {
      return OTHER_SECONDS; // the name of this machine is unknown
    }
  }

  private static boolean isFirst(MemberOptions options) throws IOException {
    List<Address> listed = ListedPeers.addresses(options.join());
    Optional<Address> self = Optional.empty();
    int lowest = Integer.MAX_VALUE;
    for (Address each : listed) {
      lowest = Math.min(lowest, each.hashCode());
      if (isSelf(each, options)) {
        self = Optional.of(each);
      }
    }
    return self.isPresent() && self.get().hashCode() == lowest;
  }

  private static boolean isSelf(Address listed, MemberOptions options) throws IOException {
    InetAddress there = listed.getInetAddress();
    InetAddress here = InetAddress.getByName(options.bindHost());
    return listed.getPort() == options.port()
        && (here.isAnyLocalAddress()
            ? NetworkInterface.getByInetAddress(there) != null
            : here.equals(there));
  }
}
