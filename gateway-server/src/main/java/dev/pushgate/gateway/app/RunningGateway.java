package dev.pushgate.gateway.app;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// A node that serves clients until it is over. Thread-safe.
final class RunningGateway implements Running {
  private final InetSocketAddress address;
  private final InetSocketAddress managementAddress;
  private final String store;
  private final Optional<FirstStart> firstStart;
  private final LifeCycle life;
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean failed;

  RunningGateway(
      InetSocketAddress address,
      InetSocketAddress managementAddress,
      String store,
      Optional<FirstStart> firstStart,
      LifeCycle life) {
    this.address = address;
    this.managementAddress = managementAddress;
    this.store = store;
    this.firstStart = firstStart;
    this.life = life;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public InetSocketAddress managementAddress() {
    return managementAddress;
  }

  @Override
  public String store() {
    return store;
  }

  @Override
  public Optional<FirstStart> firstStart() {
    return firstStart;
  }

  @Override
  public void stop() {
    life.stop();
    over.countDown();
  }

  /// To be called when it cannot go on. Does not block.
  void fail() {
    failed = over.getCount() > 0;
    over.countDown();
  }

  @Override
  public boolean awaitStopped() throws InterruptedException {
    over.await();
    return !failed;
  }
}
