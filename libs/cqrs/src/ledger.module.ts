/**
 * The ledger as a Nest module: opens the folder, binds every command and every question to the buses, rings the projector
 * after each append, and gives the folder back when the app has answered its last request.
 */
import { Inject, Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CqrsModule, EventBus } from '@nestjs/cqrs';
import { ledgerDecider } from '#ledger';
import { commandHandlers, COMMANDS } from './command-handlers.js';
import { CALLER, Desk } from './desk.js';
import { LedgerAppended, PROJECTOR, RingProjector } from './doorbell.js';
import { LedgerFolder, type FolderOptions } from './ledger-folder.js';
import { queryHandlers, READING } from './query-handlers.js';

@Module({})
export class LedgerModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(LedgerFolder) private readonly ledger: LedgerFolder,
    @Inject(EventBus) private readonly bell: EventBus,
  ) {}

  /** The module of the ledger in that folder. @throws as {@link LedgerFolder.open}, when the app is created */
  static forRoot(options: FolderOptions): DynamicModule {
    const from = (token: symbol, part: (ledger: LedgerFolder) => unknown) => ({ provide: token, inject: [LedgerFolder], useFactory: part });
    return {
      module: LedgerModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        { provide: LedgerFolder, useFactory: () => LedgerFolder.open(options) },
        from(COMMANDS, (ledger) => ledger),
        from(READING, (ledger) => ledger),
        from(PROJECTOR, ({ projection }) => projection),
        from(CALLER, ({ caller }) => caller),
        Desk,
        RingProjector,
        ...commandHandlers(ledgerDecider),
        ...queryHandlers(),
      ],
      exports: [LedgerFolder, Desk],
    };
  }

  onApplicationBootstrap(): void {
    this.ledger.appended = (seq) => this.bell.publish(new LedgerAppended(seq));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.ledger.close();
  }
}
