/**
 * Finds an event store server for the specs: the one that LIGGARE_TEST_EVENTSTORE names, else one in a container where a Docker engine
 * answers, else none, and then it says why in one line. Streams get names of their own, so a server may be used again and again.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';

export const IMAGE = 'eventstore/eventstore:23.10.6-jammy';

export type TestServer =
  | { readonly address: string; readonly unavailable: null; remove(): Promise<void> }
  | { readonly address: null; readonly unavailable: string; remove(): Promise<void> };

const nothing = async (): Promise<void> => {};

/** One node; ask once for each spec file. */
export async function testServer(): Promise<TestServer> {
  const address = process.env['LIGGARE_TEST_EVENTSTORE'];
  if (address) return { address, unavailable: null, remove: nothing };
  const unavailable = 'LIGGARE_TEST_EVENTSTORE names none, and no Docker engine answers';
  if (!existsSync('/var/run/docker.sock') && !process.env['DOCKER_HOST']) return { address: null, unavailable, remove: nothing };
  try {
    const { GenericContainer, Wait } = await import('testcontainers');
    const container = await new GenericContainer(IMAGE)
      .withExposedPorts(2113)
      .withEnvironment({ EVENTSTORE_INSECURE: 'true', EVENTSTORE_MEM_DB: 'true', EVENTSTORE_TELEMETRY_OPTOUT: 'true' })
      .withWaitStrategy(Wait.forHttp('/health/live', 2113).forStatusCodeMatching((status) => status < 300))
      .withStartupTimeout(120_000)
      .start();
    const at = `${container.getHost()}:${container.getMappedPort(2113)}`;
    return { address: `esdb://${at}?tls=false`, unavailable: null, remove: async () => void (await container.stop()) };
  } catch (error) {
    return { address: null, unavailable: `${unavailable} (${(error as Error).message})`, remove: nothing };
  }
}

/** A name that no other test uses. */
export const newStream = (): string => `test-${randomUUID()}`;
