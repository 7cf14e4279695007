package dev.limpet.cluster.member;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * Waits a moment for the nodes that start beside this one. The first use of a map deals the
 * partitions out to the members there are; nodes that join later get their share by migrations,
 * which cost a fresh node more than the rest of its start. In a running cluster the others are
 * members already, and there is no wait.
 *
 * <p>Confined to the thread that starts the node, which it blocks.
 */
final class StartingPeers {

  /** A peer whose port is open joins within a retry of Hazelcast's, which takes a second. */
  static final int WAIT_MILLIS_MAX = 3_000;

  private static final int ANSWER_MILLIS_MAX = 200;
  private static final int POLL_MILLIS = 20;

  private final List<InetSocketAddress> listed;
  private final Predicate<InetSocketAddress> answers;

  /**
   * @param join addresses {@code host:port} where nodes may be; this one's may be among them, and
   *     one without a port is not waited for
   */
  StartingPeers(List<String> join) {
    this(join, StartingPeers::answers);
  }

  StartingPeers(List<String> join, Predicate<InetSocketAddress> answers) {
    this.listed =
        ListedPeers.addresses(join).stream()
            .map(each -> new InetSocketAddress(each.getHost(), each.getPort()))
            .toList();
    this.answers = answers;
  }

  /**
   * Returns when there are as many members as listed addresses that answer, at most {@value
   * #WAIT_MILLIS_MAX} ms later. They are counted, not compared: a node may be listed by another
   * address than it tells the members.
   *
   * @param members how many there are now, this one included
   */
  void await(IntSupplier members) {
    long start = System.nanoTime();
    if (members.getAsInt() >= listed.size()) {
      return;
    }
    int starting = 0;
    for (InetSocketAddress peer : listed) {
      if (isOver(start)) {
        return;
      }
      starting += answers.test(peer) ? 1 : 0;
    }
    while (members.getAsInt() < starting && !isOver(start)) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
    }
  }

  private static boolean isOver(long startNanos) {
    return System.nanoTime() - startNanos > TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS_MAX);
  }

  private static boolean answers(InetSocketAddress peer) {
    try (Socket socket = new Socket()) {
      socket.connect(peer, ANSWER_MILLIS_MAX);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
