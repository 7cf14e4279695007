package dev.limpet.broker.io;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection from which nothing came for one and a half times its keep alive
 * [MQTT-3.1.2-22]. By the standard only whole packets count; where bytes count, too, a packet on a
 * slow line keeps the connection alive as it arrives, but for at most {@value #PART_LIMITS} such
 * periods, or two minutes if that is more: a client that trickles one packet for ever is closed.
 * Each connection has one timer, which reschedules itself instead of being moved by each packet,
 * and starts only after another timer of the connection has fired.
 *
 * <p>Confined to its lane.
 */
public final class KeepAlive {
  /** How many silences one packet may take to come. */
  static final int PART_LIMITS = 10;

  /** Minimum time for a packet: 1 MiB at 9 KiB a second. */
  static final long PART_MILLIS_MIN = 120_000;

  private final Lane lane;
  private final LongSupplier nanos;
  private final boolean countsBytes;
  private final BooleanSupplier deaf;
  private final Runnable onSilence;
  private long limitMillis;
  private long lastHeardNanos;
  private long partSinceNanos;
  private boolean inPart;
  private Lane.@Nullable Timer timer;

  /**
   * @param countsBytes whether the bytes of a packet that is not whole yet count
   * @param deaf whether this node itself makes the client wait: then its silence proves nothing
   */
  public KeepAlive(Lane lane, boolean countsBytes, BooleanSupplier deaf, Runnable onSilence) {
    this(lane, System::nanoTime, countsBytes, deaf, onSilence);
  }

  public KeepAlive(
      Lane lane,
      LongSupplier nanos,
      boolean countsBytes,
      BooleanSupplier deaf,
      Runnable onSilence) {
    this.lane = lane;
    this.nanos = nanos;
    this.lastHeardNanos = nanos.getAsLong();
    this.countsBytes = countsBytes;
    this.deaf = deaf;
    this.onSilence = onSilence;
  }

  /**
   * Counts silence from now on.
   *
   * @param keepAliveSeconds 1 to 65,535, or 0 for no limit
   * @param otherMillis when {@link #look} is called for the first time at the latest, from now on
   */
  public void start(int keepAliveSeconds, long otherMillis) {
    limitMillis = keepAliveSeconds * 1_500L;
    heard();
    if (limitMillis < otherMillis) {
      look();
    }
  }

  /** Looks now, and from now on by itself whenever the client may have been silent too long. */
  public void look() {
    if (limitMillis > 0 && timer == null) {
      check();
    }
  }

  /** A whole packet came. */
  public void heard() {
    lastHeardNanos = nanos.getAsLong();
    inPart = false;
  }

  /** Bytes came, and the packet they belong to is not whole yet. */
  public void heardPart() {
    if (!countsBytes) {
      return;
    }
    long nowNanos = nanos.getAsLong();
    if (!inPart) {
      inPart = true;
      partSinceNanos = nowNanos;
    }
    long partMillisMax = Math.max(PART_MILLIS_MIN, PART_LIMITS * limitMillis);
    if (TimeUnit.NANOSECONDS.toMillis(nowNanos - partSinceNanos) < partMillisMax) {
      lastHeardNanos = nowNanos;
    }
  }

  /** Stops, so that the timer does not keep a closed connection alive. */
  public void stop() {
    if (timer != null) {
      timer.cancel();
    }
  }

  private void check() {
    if (deaf.getAsBoolean()) {
      heard();
    }
    long silentMillis = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - lastHeardNanos);
    if (silentMillis >= limitMillis) {
      onSilence.run();
    } else {
      timer = lane.schedule(this::check, limitMillis - silentMillis);
    }
  }
}
