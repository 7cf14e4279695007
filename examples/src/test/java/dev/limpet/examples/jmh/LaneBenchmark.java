package dev.limpet.examples.jmh;

import dev.limpet.broker.io.Lane;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Tasks from one lane to another: each by itself, and all of a tick at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 3)
@Fork(1)
public class LaneBenchmark {

  private static final int TASKS = 1_000;

  private EventLoopGroup loops;
  private Lane from;
  private Lane to;

  /** Starts two lanes. */
  @Setup
  public void start() {
    loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    from = new Lane(0, (EventLoop) loops.next());
    to = new Lane(1, (EventLoop) loops.next());
  }

  /** Ends them. */
  @TearDown
  public void stop() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void handOver() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(TASKS);
    from.execute(
        () -> {
          for (int task = 0; task < TASKS; task++) {
            from.handOver(to, done::countDown);
          }
        });
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void oneByOne() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(TASKS);
    from.execute(
        () -> {
          for (int task = 0; task < TASKS; task++) {
            to.execute(done::countDown);
          }
        });
    done.await();
  }
}
