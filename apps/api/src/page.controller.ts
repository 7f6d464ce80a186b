/** GET /: stub */
import { Controller } from '@nestjs/common';
@Controller()
export class PageController {}
