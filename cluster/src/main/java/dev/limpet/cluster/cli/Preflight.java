package dev.limpet.cluster.cli;

import dev.limpet.cluster.cli.client.CliException;
import dev.limpet.cluster.config.ListenerUri;
import dev.limpet.cluster.config.NetworkAddress;
import dev.limpet.cluster.config.NodeOptions;
import dev.limpet.cluster.config.OptionKey;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Checks a node's needs before it starts, so that missing ones are named exactly. Confined to its
 * caller.
 */
final class Preflight {

  private static final int CONNECT_MILLIS_MAX = 1_000;
  private static final int RETRY_MILLIS = 250;

  private final NodeOptions options;
  private final Duration joinTimeout;

  /**
   * @param joinTimeout how long to wait for the first peer to answer
   */
  Preflight(NodeOptions options, Duration joinTimeout) {
    this.options = options;
    this.joinTimeout = joinTimeout;
  }

  /**
   * Checks the ports, then the peers.
   *
   * @param ended completes when waiting has become pointless
   * @throws CliException naming the obstacle
   */
  void check(CompletableFuture<String> ended) {
    requireInterface(options.bind());
    requireFree(options.bind(), options.httpPort(), OptionKey.HTTP.flag());
    requireFree(options.bind(), options.cluster().port(), OptionKey.CLUSTER.flag());
    for (ListenerUri listener : options.listeners()) {
      requireFree(listener.host(), listener.port(), "the listener " + listener);
    }
    if (!options.cluster().join().isEmpty() && !mayFound()) {
      requirePeer(ended);
    }
  }

  /** Hazelcast wants an address that an interface bears, though others could be opened too. */
  private static void requireInterface(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (!address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) == null) {
        throw new CliException(
            "--bind is '"
                + host
                + "', which is not an address of this machine's network interfaces: give one of theirs");
      }
    } catch (IOException e) {
      throw new CliException(
          "--bind is '" + host + "', which is unknown here: give an address of this machine", e);
    }
  }

  private static void requireFree(String host, int port, String user) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (UnknownHostException e) {
      throw new CliException(
          "the host '" + host + "' of " + user + " is unknown here: give an address", e);
    } catch (BindException e) {
      throw new CliException(
          ("port %d on %s cannot be opened for %s (%s): choose another port or address, or end the"
                  + " process that holds it")
              .formatted(port, host, user, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new CliException(
          "port %d on %s cannot be tried: %s".formatted(port, host, e.getMessage()), e);
    }
  }

  /** Only a node that is in the list itself may found the cluster; else islands would grow. */
  private boolean mayFound() {
    return options.cluster().join().stream().anyMatch(this::isSelf);
  }

  private boolean isSelf(NetworkAddress peer) {
    if (peer.port() != options.cluster().port()) {
      return false;
    }
    try {
      InetAddress there = InetAddress.getByName(peer.host());
      InetAddress here = InetAddress.getByName(options.bind());
      return here.isAnyLocalAddress()
          ? NetworkInterface.getByInetAddress(there) != null
          : here.equals(there);
    } catch (IOException e) {
      return false;
    }
  }

  private void requirePeer(CompletableFuture<String> ended) {
    List<NetworkAddress> peers = options.cluster().join();
    long deadline = System.nanoTime() + joinTimeout.toNanos();
    while (peers.stream().noneMatch(Preflight::answers)) {
      if (System.nanoTime() - deadline > 0) {
        throw new CliException(
            ("none of the nodes to join answered within %d seconds (%s): start one of them first,"
                    + " correct --join, or add this node's own address to the list if it may found"
                    + " the cluster")
                .formatted(joinTimeout.toSeconds(), names(peers)));
      }
      if (pause(ended)) {
        return;
      }
    }
  }

  private static String names(List<NetworkAddress> peers) {
    return peers.stream().map(NetworkAddress::toString).collect(Collectors.joining(", "));
  }

  private static boolean answers(NetworkAddress peer) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(peer.host(), peer.port()), CONNECT_MILLIS_MAX);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits a moment; returns whether the end has come meanwhile. */
  private static boolean pause(CompletableFuture<String> ended) {
    CompletableFuture<String> pause = new CompletableFuture<>();
    pause.completeOnTimeout("", RETRY_MILLIS, TimeUnit.MILLISECONDS);
    CompletableFuture.anyOf(pause, ended).join();
    return ended.isDone();
  }
}
