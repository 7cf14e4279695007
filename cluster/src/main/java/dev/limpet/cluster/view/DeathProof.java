package dev.limpet.cluster.view;

import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Proves that the process of a node is dead: its host lives and refuses connections to its port.
 * Silence proves nothing, since a network may be cut and a process may be frozen. Stateless.
 */
public final class DeathProof {
  /** Far less than a system takes to give a connection up by itself, which looks like a refusal. */
  private static final int CONNECT_MILLIS_MAX = 500;

  private DeathProof() {}

  /** Blocks for at most half a second. */
  public static boolean isRefused(SocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), CONNECT_MILLIS_MAX);
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false; // no answer, or no way there
    }
  }
}
