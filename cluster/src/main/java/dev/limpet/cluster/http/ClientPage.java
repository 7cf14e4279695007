package dev.limpet.cluster.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds one page of the cluster's clients. Immutable.
 *
 * @param total clients in the whole cluster, roughly: they come and go meanwhile
 */
public record ClientPage(int page, int size, long total, List<Entry> clients) {

  /** Keeps one answer below a megabyte or so. */
  public static final int SIZE_MAX = 1000;

  /** Readers that need more than this many clients in all should use the metrics. */
  public static final int POSITION_MAX = 100_000;

  public ClientPage {
    clients = List.copyOf(clients);
  }

  /**
   * A client in a list. Immutable.
   *
   * @param home node that holds its session
   * @param host node where its connection ends; null while it is offline
   */
  public record Entry(String clientId, String home, @Nullable String host, long epoch) {

    public boolean connected() {
      return host != null;
    }
  }
}
