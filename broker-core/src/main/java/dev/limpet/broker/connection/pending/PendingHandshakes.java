package dev.limpet.broker.connection.pending;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the sockets of one listener that have not sent a whole CONNECT. Silent sockets harm only
 * their own address:
 *
 * <ul>
 *   <li>An address above its share loses its oldest socket after a short wait: clients that send
 *       CONNECT at once are admitted, however many arrive together from one network.
 *   <li>When all places are taken, the address with the most sockets loses its oldest at once.
 * </ul>
 *
 * <p>Bounded by {@code max}. Thread-safe: changes under one lock, in constant time; evicts outside
 * of it.
 */
public final class PendingHandshakes {
  /** Longer than the way of a CONNECT from anywhere on Earth. */
  static final long MOMENT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** An address that has far too many shrinks to its share without one long pause. */
  private static final int CUT_AT_ONCE_MAX = 8;

  /** Why a socket has to go. */
  public enum Cut {
    /** Its address has more than its share. */
    ADDRESS,
    /** All places are taken. */
    FULL
  }

  private final int max;
  private final int perAddressMax;
  private final LongSupplier nanos;
  private final Map<SourceAddress, Source> sources = new HashMap<>();

  /** The addresses with one socket, with two, and so on; each level's oldest first. */
  private final List<Set<Source>> levels = new ArrayList<>();

  private int size;

  /** All sockets of one address, oldest first. */
  private static final class Source {
    private final SourceAddress address;
    private final Set<Place> places = new LinkedHashSet<>(2);

    Source(SourceAddress address) {
      this.address = address;
    }

    Place oldest() {
      return places.iterator().next();
    }
  }

  /** One socket's place. Thread-safe. */
  public final class Place {
    private final long beganNanos = nanos.getAsLong();
    private final Consumer<Cut> onCut;
    private SourceAddress address;
    private boolean shares;
    private @Nullable Source source;
    private boolean cut;
    private boolean over;

    private Place(SourceAddress address, boolean shares, Consumer<Cut> onCut) {
      this.address = address;
      this.shares = shares;
      this.onCut = onCut;
    }

    /** It is known now that the socket belongs to this address, of which many may come. */
    public void is(SourceAddress real) {
      leave();
      synchronized (PendingHandshakes.this) {
        address = real;
        shares = true;
      }
      enter();
    }

    /** The socket waits, for the first time or again. Does nothing when it is gone. */
    public void enter() {
      takeIn(this);
    }

    /** It waits for nothing now: CONNECT is here, or its home is sought. Idempotent. */
    public void leave() {
      synchronized (PendingHandshakes.this) {
        takeOut(this);
      }
    }

    /** The socket is gone. Idempotent. */
    public void end() {
      synchronized (PendingHandshakes.this) {
        over = true;
        takeOut(this);
      }
    }

    /** Whether it had to go. */
    public boolean isCut() {
      synchronized (PendingHandshakes.this) {
        return cut;
      }
    }

    /** For whom to name. */
    public SourceAddress address() {
      synchronized (PendingHandshakes.this) {
        return address;
      }
    }
  }

  /**
   * @param max sockets at once, at least 1
   * @param perAddressMax the share of one address, at least 1
   * @param nanos a clock that never goes back
   */
  public PendingHandshakes(int max, int perAddressMax, LongSupplier nanos) {
    this.max = max;
    this.perAddressMax = perAddressMax;
    this.nanos = nanos;
  }

  /**
   * Makes a place for a socket and takes it in.
   *
   * @param shares false while the address is that of a proxy which may speak for many
   * @param onCut called when it has to go, on any thread, at most once; not from within this
   */
  public Place enter(SourceAddress address, boolean shares, Consumer<Cut> onCut) {
    Place place = new Place(address, shares, onCut);
    takeIn(place);
    return place;
  }

  /** Cuts one that has waited for a moment; false when there is none. */
  public boolean makeRoom() {
    Place victim = null;
    synchronized (this) {
      if (size > 0 && hasWaited(largest().oldest())) {
        victim = largest().oldest();
        cut(victim);
      }
    }
    return tell(victim, Cut.FULL);
  }

  /** How many wait. */
  public synchronized int size() {
    return size;
  }

  private void takeIn(Place place) {
    List<Place> ofAddress = List.of();
    Place inWay = null;
    synchronized (this) {
      if (place.source != null || place.over) {
        return;
      }
      Source source = sources.computeIfAbsent(place.address, Source::new);
      move(source, () -> source.places.add(place));
      place.source = source;
      size++;
      if (place.shares && source.places.size() > perAddressMax) {
        ofAddress = cutBeyondShare(source);
      }
      if (size > max) {
        inWay = largest().oldest();
        cut(inWay);
      }
    }
    ofAddress.forEach(each -> tell(each, Cut.ADDRESS));
    tell(inWay, Cut.FULL);
  }

  private List<Place> cutBeyondShare(Source source) {
    List<Place> victims = new ArrayList<>(1);
    while (victims.size() < CUT_AT_ONCE_MAX
        && source.places.size() > perAddressMax
        && hasWaited(source.oldest())) {
      Place victim = source.oldest();
      victims.add(victim);
      cut(victim);
    }
    return victims;
  }

  private boolean hasWaited(Place place) {
    return nanos.getAsLong() - place.beganNanos >= MOMENT_NANOS;
  }

  private void cut(Place victim) {
    takeOut(victim);
    victim.cut = true;
    victim.over = true;
  }

  private static boolean tell(@Nullable Place victim, Cut why) {
    if (victim != null) {
      victim.onCut.accept(why);
    }
    return victim != null;
  }

  private void takeOut(Place place) {
    Source source = place.source;
    if (source == null) {
      return;
    }
    move(source, () -> source.places.remove(place));
    place.source = null;
    size--;
    if (source.places.isEmpty()) {
      sources.remove(source.address);
    }
  }

  /** Changes the number of an address' sockets by one, and its level with it. */
  private void move(Source source, Runnable change) {
    int before = source.places.size();
    change.run();
    int now = source.places.size();
    if (before > 0) {
      levels.get(before - 1).remove(source);
    }
    if (now > levels.size()) {
      levels.add(new LinkedHashSet<>());
    }
    if (now > 0) {
      levels.get(now - 1).add(source);
    }
    while (!levels.isEmpty() && levels.get(levels.size() - 1).isEmpty()) {
      levels.remove(levels.size() - 1);
    }
  }

  private Source largest() {
    return levels.get(levels.size() - 1).iterator().next();
  }
}
