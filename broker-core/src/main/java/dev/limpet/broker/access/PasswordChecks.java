package dev.limpet.broker.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks passwords against bcrypt hashes on a few threads of its own. Equal checks at the same time
 * are made once, and one that succeeded is remembered for a minute, so that a thousand devices of
 * one user that reconnect cost one hash.
 *
 * <p>The cache holds a keyed digest of hash and password; the key lives only in this process, and a
 * new hash in the file forces a new check.
 *
 * <p>Thread-safe.
 */
final class PasswordChecks implements AutoCloseable {

  /** About as many as the threads can hash before clients give up. */
  private static final int QUEUE_MAX = 256;

  private static final int REMEMBERED_MAX = 10_000;
  private static final int REMEMBERED_SECONDS = 60;
  private static final int KEY_BYTES = 32;
  private static final String MAC = "HmacSHA256";

  /** bcrypt reads 72 bytes, of which the last is a zero. */
  private static final int PASSWORD_BYTES_MAX = 71;

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final ThreadPoolExecutor threads;
  private final AsyncCache<ByteBuffer, Boolean> remembered;
  private final SecretKeySpec key;
  private final Counter hashed;
  private final Counter overflowed;

  PasswordChecks(MeterRegistry registry) {
    int threadsMax = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    this.threads =
        new ThreadPoolExecutor(
            threadsMax,
            threadsMax,
            REMEMBERED_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE_MAX),
            PasswordChecks.daemons());
    threads.allowCoreThreadTimeOut(true);
    this.remembered =
        Caffeine.newBuilder()
            .maximumSize(REMEMBERED_MAX)
            .expireAfterWrite(REMEMBERED_SECONDS, TimeUnit.SECONDS)
            .executor(Runnable::run)
            .buildAsync();
    byte[] secret = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(secret);
    this.key = new SecretKeySpec(secret, MAC);
    this.hashed =
        Counter.builder("limpet.passwords.hashed")
            .description("Passwords hashed to compare them with a password file")
            .register(registry);
    this.overflowed =
        Counter.builder("limpet.passwords.overflowed")
            .description("Passwords refused unchecked because too many waited to be hashed")
            .register(registry);
  }

  private static ThreadFactory daemons() {
    return task -> {
      Thread thread = new Thread(task, "limpet-password-" + THREADS.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Whether a password has this hash.
   *
   * @return fails with {@link RejectedExecutionException} when too many wait
   */
  CompletableFuture<Boolean> check(String bcrypt, byte[] password) {
    if (password.length > PASSWORD_BYTES_MAX) {
      return CompletableFuture.completedFuture(false);
    }
    ByteBuffer digest = digest(bcrypt, password);
    try {
      CompletableFuture<Boolean> answer =
          remembered.get(digest, (unused, executor) -> hash(bcrypt, password));
      answer.thenAccept(matches -> forgetUnless(matches, digest, answer));
      return answer;
    } catch (RejectedExecutionException e) {
      overflowed.increment();
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Boolean> hash(String bcrypt, byte[] password) {
    Executor bounded = threads;
    return CompletableFuture.supplyAsync(
        () -> {
          hashed.increment();
          return BCrypt.verifyer()
              .verify(password, bcrypt.getBytes(StandardCharsets.US_ASCII))
              .verified;
        },
        bounded);
  }

  /** Wrong passwords are many; remembering them would push out the right ones. */
  private void forgetUnless(boolean matches, ByteBuffer digest, CompletableFuture<Boolean> answer) {
    if (!matches) {
      remembered.asMap().remove(digest, answer);
    }
  }

  private ByteBuffer digest(String bcrypt, byte[] password) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(key);
      mac.update(bcrypt.getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) 0);
      return ByteBuffer.wrap(mac.doFinal(password));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + MAC, e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
